using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Core.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Products : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "booted_at",
                table: "referrers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "landing_page",
                table: "referrers",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "opened_at",
                table: "referrers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "shared_at",
                table: "referrers",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "disabled_at",
                table: "referral_codes",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "landing_page",
                table: "campaigns",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "expires_at",
                table: "access_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "last_used_at",
                table: "access_keys",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "name",
                table: "access_keys",
                type: "text",
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.CreateTable(
                name: "link_views",
                columns: table => new
                {
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    day = table.Column<int>(type: "integer", nullable: false),
                    views = table.Column<long>(type: "bigint", nullable: false),
                    visitors = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_views", x => new { x.environment, x.code, x.day });
                });

            migrationBuilder.CreateTable(
                name: "link_visitors",
                columns: table => new
                {
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    day = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    digest = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_visitors", x => new { x.environment, x.day, x.code, x.digest });
                });

            migrationBuilder.CreateTable(
                name: "payout_details",
                columns: table => new
                {
                    referrer_id = table.Column<long>(type: "bigint", nullable: false),
                    method = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    protected_account = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    hint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payout_details", x => x.referrer_id);
                    table.ForeignKey(
                        name: "FK_payout_details_referrers_referrer_id",
                        column: x => x.referrer_id,
                        principalTable: "referrers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "products",
                columns: table => new
                {
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    product_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    settings = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_products", x => x.environment);
                });

            migrationBuilder.CreateTable(
                name: "reward_reports",
                columns: table => new
                {
                    reward_id = table.Column<long>(type: "bigint", nullable: false),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    status = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    reported_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reported_by = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reward_reports", x => x.reward_id);
                    table.ForeignKey(
                        name: "FK_reward_reports_rewards_reward_id",
                        column: x => x.reward_id,
                        principalTable: "rewards",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "script_calls",
                columns: table => new
                {
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    script = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    hour = table.Column<int>(type: "integer", nullable: false),
                    calls = table.Column<long>(type: "bigint", nullable: false),
                    refused = table.Column<long>(type: "bigint", nullable: false),
                    last_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_refusal = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_script_calls", x => new { x.environment, x.script, x.hour });
                });

            migrationBuilder.CreateTable(
                name: "visit_salts",
                columns: table => new
                {
                    day = table.Column<int>(type: "integer", nullable: false),
                    salt = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_visit_salts", x => x.day);
                });

            migrationBuilder.CreateIndex(
                name: "IX_link_views_environment_day",
                table: "link_views",
                columns: new[] { "environment", "day" });

            migrationBuilder.CreateIndex(
                name: "IX_products_product_id",
                table: "products",
                column: "product_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "link_views");

            migrationBuilder.DropTable(
                name: "link_visitors");

            migrationBuilder.DropTable(
                name: "payout_details");

            migrationBuilder.DropTable(
                name: "products");

            migrationBuilder.DropTable(
                name: "reward_reports");

            migrationBuilder.DropTable(
                name: "script_calls");

            migrationBuilder.DropTable(
                name: "visit_salts");

            migrationBuilder.DropColumn(
                name: "booted_at",
                table: "referrers");

            migrationBuilder.DropColumn(
                name: "landing_page",
                table: "referrers");

            migrationBuilder.DropColumn(
                name: "opened_at",
                table: "referrers");

            migrationBuilder.DropColumn(
                name: "shared_at",
                table: "referrers");

            migrationBuilder.DropColumn(
                name: "disabled_at",
                table: "referral_codes");

            migrationBuilder.DropColumn(
                name: "landing_page",
                table: "campaigns");

            migrationBuilder.DropColumn(
                name: "expires_at",
                table: "access_keys");

            migrationBuilder.DropColumn(
                name: "last_used_at",
                table: "access_keys");

            migrationBuilder.DropColumn(
                name: "name",
                table: "access_keys");
        }
    }
}

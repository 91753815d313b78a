using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Core.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Products : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "booted_at",
                table: "referrers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "landing_page",
                table: "referrers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "opened_at",
                table: "referrers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "shared_at",
                table: "referrers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "disabled_at",
                table: "referral_codes",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "landing_page",
                table: "campaigns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "expires_at",
                table: "access_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "last_used_at",
                table: "access_keys",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "name",
                table: "access_keys",
                type: "TEXT",
                maxLength: 80,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "link_views",
                columns: table => new
                {
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    day = table.Column<int>(type: "INTEGER", nullable: false),
                    views = table.Column<long>(type: "INTEGER", nullable: false),
                    visitors = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_views", x => new { x.environment, x.code, x.day });
                });

            migrationBuilder.CreateTable(
                name: "link_visitors",
                columns: table => new
                {
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    day = table.Column<int>(type: "INTEGER", nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    digest = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_visitors", x => new { x.environment, x.day, x.code, x.digest });
                });

            migrationBuilder.CreateTable(
                name: "payout_details",
                columns: table => new
                {
                    referrer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    method = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    protected_account = table.Column<string>(type: "TEXT", nullable: false),
                    hint = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
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
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    product_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    settings = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_products", x => x.environment);
                });

            migrationBuilder.CreateTable(
                name: "reward_reports",
                columns: table => new
                {
                    reward_id = table.Column<long>(type: "INTEGER", nullable: false),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    reported_at = table.Column<long>(type: "INTEGER", nullable: false),
                    reported_by = table.Column<string>(type: "TEXT", nullable: false)
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
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    script = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    hour = table.Column<int>(type: "INTEGER", nullable: false),
                    calls = table.Column<long>(type: "INTEGER", nullable: false),
                    refused = table.Column<long>(type: "INTEGER", nullable: false),
                    last_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_refusal = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_script_calls", x => new { x.environment, x.script, x.hour });
                });

            migrationBuilder.CreateTable(
                name: "visit_salts",
                columns: table => new
                {
                    day = table.Column<int>(type: "INTEGER", nullable: false),
                    salt = table.Column<byte[]>(type: "BLOB", nullable: false)
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

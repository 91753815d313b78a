using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Core.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Operation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "address_mark",
                table: "referrers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "erased_at",
                table: "referrers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "kept_facts",
                table: "events",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "payload_removal",
                table: "events",
                type: "TEXT",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "payload_removed_at",
                table: "events",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "hash",
                table: "audit_log",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "audit_head",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    entries = table.Column<long>(type: "INTEGER", nullable: false),
                    hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    older_entries = table.Column<long>(type: "INTEGER", nullable: false),
                    older_hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_head", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "erased_marks",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erased_marks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "erasure_salts",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    salt = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erasure_salts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "erasures",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    erased_at = table.Column<long>(type: "INTEGER", nullable: false),
                    erased_by = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erasures", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "key_ring",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    slot = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    xml = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_key_ring", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "second_factors",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    user_id = table.Column<long>(type: "INTEGER", nullable: false),
                    protected_secret = table.Column<string>(type: "TEXT", nullable: false),
                    confirmed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_step = table.Column<long>(type: "INTEGER", nullable: false),
                    recovery_hashes = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_second_factors", x => x.id);
                    table.ForeignKey(
                        name: "FK_second_factors_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    key = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    user_id = table.Column<long>(type: "INTEGER", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    seen_at = table.Column<long>(type: "INTEGER", nullable: false),
                    confirmed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sessions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sign_in_tallies",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    key = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    guesses = table.Column<int>(type: "INTEGER", nullable: false),
                    since = table.Column<long>(type: "INTEGER", nullable: false),
                    succeeded_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sign_in_tallies", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_events_erased",
                table: "events",
                column: "payload_removed_at",
                filter: "payload_removal = 'erasure'");

            migrationBuilder.CreateIndex(
                name: "ix_events_payloads",
                table: "events",
                column: "received_at",
                filter: "payload_removed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_action_id",
                table: "audit_log",
                columns: new[] { "action", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_actor_id",
                table: "audit_log",
                columns: new[] { "actor", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_at",
                table: "audit_log",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "IX_erased_marks_environment_kind_value",
                table: "erased_marks",
                columns: new[] { "environment", "kind", "value" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_erasures_environment_id",
                table: "erasures",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_key_ring_slot",
                table: "key_ring",
                column: "slot",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_second_factors_user_id",
                table: "second_factors",
                column: "user_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sessions_key",
                table: "sessions",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sessions_started_at",
                table: "sessions",
                column: "started_at");

            migrationBuilder.CreateIndex(
                name: "IX_sign_in_tallies_key",
                table: "sign_in_tallies",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sign_in_tallies_since",
                table: "sign_in_tallies",
                column: "since");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "audit_head");

            migrationBuilder.DropTable(
                name: "erased_marks");

            migrationBuilder.DropTable(
                name: "erasure_salts");

            migrationBuilder.DropTable(
                name: "erasures");

            migrationBuilder.DropTable(
                name: "key_ring");

            migrationBuilder.DropTable(
                name: "second_factors");

            migrationBuilder.DropTable(
                name: "sessions");

            migrationBuilder.DropTable(
                name: "sign_in_tallies");

            migrationBuilder.DropIndex(
                name: "ix_events_erased",
                table: "events");

            migrationBuilder.DropIndex(
                name: "ix_events_payloads",
                table: "events");

            migrationBuilder.DropIndex(
                name: "IX_audit_log_action_id",
                table: "audit_log");

            migrationBuilder.DropIndex(
                name: "IX_audit_log_actor_id",
                table: "audit_log");

            migrationBuilder.DropIndex(
                name: "IX_audit_log_at",
                table: "audit_log");

            migrationBuilder.DropColumn(
                name: "address_mark",
                table: "referrers");

            migrationBuilder.DropColumn(
                name: "erased_at",
                table: "referrers");

            migrationBuilder.DropColumn(
                name: "kept_facts",
                table: "events");

            migrationBuilder.DropColumn(
                name: "payload_removal",
                table: "events");

            migrationBuilder.DropColumn(
                name: "payload_removed_at",
                table: "events");

            migrationBuilder.DropColumn(
                name: "hash",
                table: "audit_log");
        }
    }
}

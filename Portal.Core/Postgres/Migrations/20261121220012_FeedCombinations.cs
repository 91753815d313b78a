using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Core.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class FeedCombinations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_events_status_state",
                table: "events",
                columns: new[] { "environment", "status", "state", "id" },
                filter: "status IN ('warning', 'error')");

            migrationBuilder.CreateIndex(
                name: "ix_events_type_state",
                table: "events",
                columns: new[] { "environment", "type", "state", "id" },
                filter: "state IN ('waiting', 'failed', 'ignored')");

            migrationBuilder.CreateIndex(
                name: "ix_events_type_status",
                table: "events",
                columns: new[] { "environment", "type", "status", "id" },
                filter: "status IN ('warning', 'error')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_events_status_state",
                table: "events");

            migrationBuilder.DropIndex(
                name: "ix_events_type_state",
                table: "events");

            migrationBuilder.DropIndex(
                name: "ix_events_type_status",
                table: "events");
        }
    }
}

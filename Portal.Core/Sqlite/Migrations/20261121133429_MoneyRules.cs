using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Core.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class MoneyRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_referrals_environment_new_user_id",
                table: "referrals");

            migrationBuilder.AlterColumn<string>(
                name: "invoice_id",
                table: "rewards",
                type: "TEXT",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "TEXT");

            migrationBuilder.AddColumn<long>(
                name: "clawed_back",
                table: "rewards",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "net_before_cap",
                table: "rewards",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "paid",
                table: "rewards",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "waits_for",
                table: "rewards",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "choices_json",
                table: "review_cases",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<long>(
                name: "decision_id",
                table: "review_cases",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "subjects",
                table: "refold_requests",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "identity_kind",
                table: "referrals",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "user");

            migrationBuilder.AddColumn<string>(
                name: "identity_key",
                table: "customers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "organization_id",
                table: "customers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "email_lower",
                table: "referrers",
                type: "TEXT",
                nullable: true,
                computedColumnSql: "lower(email)");

            migrationBuilder.AddColumn<string>(
                name: "last_name_lower",
                table: "referrers",
                type: "TEXT",
                nullable: true,
                computedColumnSql: "lower(last_name)");

            migrationBuilder.AddColumn<string>(
                name: "name_lower",
                table: "referrers",
                type: "TEXT",
                nullable: true,
                computedColumnSql: "lower(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')))");

            migrationBuilder.AddColumn<string>(
                name: "email_lower",
                table: "referrals",
                type: "TEXT",
                nullable: true,
                computedColumnSql: "lower(email)");

            // Rewards are named by the kind of their referral and by their currency now; nothing of what was posted changes.
            migrationBuilder.Sql("UPDATE rewards SET key = code || '/user:' || substr(key, length(code) + 2) || '/' || currency");
            migrationBuilder.Sql("UPDATE customers SET identity_key = 'user:' || new_user_id WHERE new_user_id IS NOT NULL");
            // What was known of disputes, credit notes and ended subscriptions counts from now on.
            migrationBuilder.Sql("INSERT INTO refold_requests (environment, cause_kind, cause_id, done_up_to, requested_at) SELECT DISTINCT environment, 'upgrade', 'MoneyRules', 0, CAST(strftime('%s', 'now') AS INTEGER) * 1000 FROM referrals");

            migrationBuilder.CreateTable(
                name: "campaign_drafts",
                columns: table => new
                {
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    campaign_id = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    data = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_by = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_drafts", x => new { x.environment, x.campaign_id });
                });

            migrationBuilder.CreateTable(
                name: "exchange_rates",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    from_currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    to_currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    rate = table.Column<string>(type: "TEXT", maxLength: 25, nullable: true),
                    note = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    created_by = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_exchange_rates", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "payouts",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    as_of = table.Column<long>(type: "INTEGER", nullable: false),
                    minimum = table.Column<long>(type: "INTEGER", nullable: false),
                    note = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    referrers = table.Column<int>(type: "INTEGER", nullable: false),
                    lines = table.Column<int>(type: "INTEGER", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    paid = table.Column<long>(type: "INTEGER", nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    created_by = table.Column<string>(type: "TEXT", nullable: false),
                    approved_at = table.Column<long>(type: "INTEGER", nullable: true),
                    approved_by = table.Column<string>(type: "TEXT", nullable: true),
                    exported_at = table.Column<long>(type: "INTEGER", nullable: true),
                    exported_by = table.Column<string>(type: "TEXT", nullable: true),
                    exported = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_by = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payouts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rebuild_runs",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    apply = table.Column<bool>(type: "INTEGER", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    started_by = table.Column<string>(type: "TEXT", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    is_cancel_asked = table.Column<bool>(type: "INTEGER", nullable: false),
                    events = table.Column<long>(type: "INTEGER", nullable: false),
                    referrals = table.Column<long>(type: "INTEGER", nullable: false),
                    percent = table.Column<int>(type: "INTEGER", nullable: false),
                    posted = table.Column<int>(type: "INTEGER", nullable: false),
                    error = table.Column<string>(type: "TEXT", nullable: true),
                    report_json = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rebuild_runs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "review_decisions",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    case_key = table.Column<string>(type: "TEXT", nullable: false),
                    choice = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: false),
                    decided_by = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_review_decisions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "simulation_cells",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    run_id = table.Column<long>(type: "INTEGER", nullable: false),
                    month = table.Column<string>(type: "TEXT", maxLength: 7, nullable: false),
                    referrer = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    now = table.Column<long>(type: "INTEGER", nullable: false),
                    draft = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_simulation_cells", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "simulation_runs",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    campaign_id = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    data = table.Column<string>(type: "TEXT", nullable: false),
                    effective_from = table.Column<long>(type: "INTEGER", nullable: false),
                    from = table.Column<long>(type: "INTEGER", nullable: true),
                    to = table.Column<long>(type: "INTEGER", nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    done = table.Column<int>(type: "INTEGER", nullable: false),
                    total = table.Column<int>(type: "INTEGER", nullable: false),
                    report = table.Column<string>(type: "TEXT", nullable: true),
                    requested_at = table.Column<long>(type: "INTEGER", nullable: false),
                    requested_by = table.Column<string>(type: "TEXT", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_simulation_runs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "payout_lines",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    payout_id = table.Column<long>(type: "INTEGER", nullable: false),
                    referrer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    reward_id = table.Column<long>(type: "INTEGER", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    paid = table.Column<long>(type: "INTEGER", nullable: true),
                    is_open = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payout_lines", x => x.id);
                    table.CheckConstraint("ck_payout_lines_pays_at_most_its_amount", "amount <> 0 AND (paid IS NULL OR (amount > 0 AND paid >= 0 AND paid <= amount) OR (amount < 0 AND paid <= 0 AND paid >= amount))");
                    table.ForeignKey(
                        name: "FK_payout_lines_payouts_payout_id",
                        column: x => x.payout_id,
                        principalTable: "payouts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_rewards_under_a_limit",
                table: "rewards",
                columns: new[] { "environment", "code" },
                filter: "net_before_cap IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_rewards_unpaid",
                table: "rewards",
                columns: new[] { "environment", "currency", "referrer_id" },
                filter: "earned - reversed <> paid");

            migrationBuilder.CreateIndex(
                name: "ix_rewards_waiting",
                table: "rewards",
                columns: new[] { "environment", "id" },
                filter: "waits_for IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "ck_rewards_paid_is_none_or_more",
                table: "rewards",
                sql: "paid >= 0 AND clawed_back >= 0");

            migrationBuilder.CreateIndex(
                name: "IX_review_cases_customer_id_environment",
                table: "review_cases",
                columns: new[] { "customer_id", "environment" });

            migrationBuilder.CreateIndex(
                name: "IX_review_cases_environment_kind_id",
                table: "review_cases",
                columns: new[] { "environment", "kind", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_review_cases_referral_id",
                table: "review_cases",
                column: "referral_id");

            migrationBuilder.CreateIndex(
                name: "ix_review_cases_settled",
                table: "review_cases",
                columns: new[] { "environment", "id" },
                filter: "settled_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_referrers_environment_email_lower",
                table: "referrers",
                columns: new[] { "environment", "email_lower" });

            migrationBuilder.CreateIndex(
                name: "IX_referrers_environment_id",
                table: "referrers",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_referrers_environment_last_name_lower",
                table: "referrers",
                columns: new[] { "environment", "last_name_lower" });

            migrationBuilder.CreateIndex(
                name: "IX_referrers_environment_name_lower",
                table: "referrers",
                columns: new[] { "environment", "name_lower" });

            migrationBuilder.CreateIndex(
                name: "IX_referrals_environment_code_id",
                table: "referrals",
                columns: new[] { "environment", "code", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_referrals_environment_email_lower",
                table: "referrals",
                columns: new[] { "environment", "email_lower" });

            migrationBuilder.CreateIndex(
                name: "IX_referrals_environment_id",
                table: "referrals",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_referrals_environment_identity_kind_new_user_id",
                table: "referrals",
                columns: new[] { "environment", "identity_kind", "new_user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_referrals_environment_new_user_id",
                table: "referrals",
                columns: new[] { "environment", "new_user_id" });

            migrationBuilder.CreateIndex(
                name: "IX_referrals_environment_reason_id",
                table: "referrals",
                columns: new[] { "environment", "reason", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_referrals_not_attributed",
                table: "referrals",
                columns: new[] { "environment", "id" },
                filter: "reason IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_referral_codes_environment_campaign_id_id",
                table: "referral_codes",
                columns: new[] { "environment", "campaign_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_environment_cause_kind_id",
                table: "ledger_entry_sets",
                columns: new[] { "environment", "cause_kind", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_environment_currency_id",
                table: "ledger_entry_sets",
                columns: new[] { "environment", "currency", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_environment_posted_at_id",
                table: "ledger_entry_sets",
                columns: new[] { "environment", "posted_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_ledger_entries_statement",
                table: "ledger_entries",
                columns: new[] { "environment", "referrer_id", "entry_set_id", "currency", "account", "amount" },
                filter: "referrer_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_environment_identity_key",
                table: "customers",
                columns: new[] { "environment", "identity_key" },
                filter: "identity_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_environment_organization_id",
                table: "customers",
                columns: new[] { "environment", "organization_id" },
                filter: "organization_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_exchange_rates_environment_from_currency_id",
                table: "exchange_rates",
                columns: new[] { "environment", "from_currency", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_exchange_rates_environment_from_currency_to_currency_id",
                table: "exchange_rates",
                columns: new[] { "environment", "from_currency", "to_currency", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_exchange_rates_environment_id",
                table: "exchange_rates",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_exchange_rates_environment_to_currency_id",
                table: "exchange_rates",
                columns: new[] { "environment", "to_currency", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_payout_lines_payout_id",
                table: "payout_lines",
                column: "payout_id");

            migrationBuilder.CreateIndex(
                name: "ix_payout_lines_open",
                table: "payout_lines",
                column: "reward_id",
                unique: true,
                filter: "is_open");

            migrationBuilder.CreateIndex(
                name: "IX_payouts_environment_id",
                table: "payouts",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_payouts_environment_state_id",
                table: "payouts",
                columns: new[] { "environment", "state", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_rebuild_runs_environment_id",
                table: "rebuild_runs",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_rebuild_runs_under_way",
                table: "rebuild_runs",
                column: "environment",
                unique: true,
                filter: "state IN ('running', 'applying')");

            migrationBuilder.CreateIndex(
                name: "IX_review_decisions_environment_case_key_id",
                table: "review_decisions",
                columns: new[] { "environment", "case_key", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_simulation_cells_run_id_id",
                table: "simulation_cells",
                columns: new[] { "run_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_simulation_runs_environment_campaign_id_id",
                table: "simulation_runs",
                columns: new[] { "environment", "campaign_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "campaign_drafts");

            migrationBuilder.DropTable(
                name: "exchange_rates");

            migrationBuilder.DropTable(
                name: "payout_lines");

            migrationBuilder.DropTable(
                name: "rebuild_runs");

            migrationBuilder.DropTable(
                name: "review_decisions");

            migrationBuilder.DropTable(
                name: "simulation_cells");

            migrationBuilder.DropTable(
                name: "simulation_runs");

            migrationBuilder.DropTable(
                name: "payouts");

            migrationBuilder.DropIndex(
                name: "ix_rewards_under_a_limit",
                table: "rewards");

            migrationBuilder.DropIndex(
                name: "ix_rewards_unpaid",
                table: "rewards");

            migrationBuilder.DropIndex(
                name: "ix_rewards_waiting",
                table: "rewards");

            migrationBuilder.DropCheckConstraint(
                name: "ck_rewards_paid_is_none_or_more",
                table: "rewards");

            migrationBuilder.DropIndex(
                name: "IX_review_cases_customer_id_environment",
                table: "review_cases");

            migrationBuilder.DropIndex(
                name: "IX_review_cases_environment_kind_id",
                table: "review_cases");

            migrationBuilder.DropIndex(
                name: "IX_review_cases_referral_id",
                table: "review_cases");

            migrationBuilder.DropIndex(
                name: "ix_review_cases_settled",
                table: "review_cases");

            migrationBuilder.DropIndex(
                name: "IX_referrers_environment_email_lower",
                table: "referrers");

            migrationBuilder.DropIndex(
                name: "IX_referrers_environment_id",
                table: "referrers");

            migrationBuilder.DropIndex(
                name: "IX_referrers_environment_last_name_lower",
                table: "referrers");

            migrationBuilder.DropIndex(
                name: "IX_referrers_environment_name_lower",
                table: "referrers");

            migrationBuilder.DropIndex(
                name: "IX_referrals_environment_code_id",
                table: "referrals");

            migrationBuilder.DropIndex(
                name: "IX_referrals_environment_email_lower",
                table: "referrals");

            migrationBuilder.DropIndex(
                name: "IX_referrals_environment_id",
                table: "referrals");

            migrationBuilder.DropIndex(
                name: "IX_referrals_environment_identity_kind_new_user_id",
                table: "referrals");

            migrationBuilder.DropIndex(
                name: "IX_referrals_environment_new_user_id",
                table: "referrals");

            migrationBuilder.DropIndex(
                name: "IX_referrals_environment_reason_id",
                table: "referrals");

            migrationBuilder.DropIndex(
                name: "ix_referrals_not_attributed",
                table: "referrals");

            migrationBuilder.DropIndex(
                name: "IX_referral_codes_environment_campaign_id_id",
                table: "referral_codes");

            migrationBuilder.DropIndex(
                name: "IX_ledger_entry_sets_environment_cause_kind_id",
                table: "ledger_entry_sets");

            migrationBuilder.DropIndex(
                name: "IX_ledger_entry_sets_environment_currency_id",
                table: "ledger_entry_sets");

            migrationBuilder.DropIndex(
                name: "IX_ledger_entry_sets_environment_posted_at_id",
                table: "ledger_entry_sets");

            migrationBuilder.DropIndex(
                name: "ix_ledger_entries_statement",
                table: "ledger_entries");

            migrationBuilder.DropIndex(
                name: "IX_customers_environment_identity_key",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "IX_customers_environment_organization_id",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "email_lower",
                table: "referrers");

            migrationBuilder.DropColumn(
                name: "last_name_lower",
                table: "referrers");

            migrationBuilder.DropColumn(
                name: "name_lower",
                table: "referrers");

            migrationBuilder.DropColumn(
                name: "email_lower",
                table: "referrals");

            migrationBuilder.DropColumn(
                name: "clawed_back",
                table: "rewards");

            migrationBuilder.DropColumn(
                name: "net_before_cap",
                table: "rewards");

            migrationBuilder.DropColumn(
                name: "paid",
                table: "rewards");

            migrationBuilder.DropColumn(
                name: "waits_for",
                table: "rewards");

            migrationBuilder.DropColumn(
                name: "choices_json",
                table: "review_cases");

            migrationBuilder.DropColumn(
                name: "decision_id",
                table: "review_cases");

            migrationBuilder.DropColumn(
                name: "subjects",
                table: "refold_requests");

            migrationBuilder.DropColumn(
                name: "identity_kind",
                table: "referrals");

            migrationBuilder.DropColumn(
                name: "identity_key",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "organization_id",
                table: "customers");

            migrationBuilder.AlterColumn<string>(
                name: "invoice_id",
                table: "rewards",
                type: "TEXT",
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_referrals_environment_new_user_id",
                table: "referrals",
                columns: new[] { "environment", "new_user_id" },
                unique: true);
        }
    }
}

using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Core.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "access_keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    access_key_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    secret_hash = table.Column<string>(type: "TEXT", nullable: false),
                    scope = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "attempts",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    event_id = table.Column<long>(type: "INTEGER", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    cause = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    microseconds = table.Column<long>(type: "INTEGER", nullable: false),
                    outcome = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    error = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attempts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "audit_log",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    remote_address = table.Column<string>(type: "TEXT", nullable: true),
                    action = table.Column<string>(type: "TEXT", nullable: false),
                    target = table.Column<string>(type: "TEXT", nullable: false),
                    before = table.Column<string>(type: "TEXT", nullable: true),
                    after = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_log", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "campaign_revisions",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    campaign_id = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    effective_from = table.Column<long>(type: "INTEGER", nullable: false),
                    data = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    created_by = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_revisions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "campaigns",
                columns: table => new
                {
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    campaign_id = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaigns", x => new { x.environment, x.campaign_id });
                });

            migrationBuilder.CreateTable(
                name: "customers",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    scope = table.Column<string>(type: "TEXT", nullable: false),
                    customer_id = table.Column<string>(type: "TEXT", nullable: false),
                    email = table.Column<string>(type: "TEXT", nullable: true),
                    name = table.Column<string>(type: "TEXT", nullable: true),
                    new_user_id = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: true),
                    removed_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "daily_counts",
                columns: table => new
                {
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    day = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    count = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_daily_counts", x => new { x.environment, x.day, x.name });
                });

            migrationBuilder.CreateTable(
                name: "deliveries",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    source = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    received_at = table.Column<long>(type: "INTEGER", nullable: false),
                    remote_address = table.Column<string>(type: "TEXT", nullable: true),
                    signature = table.Column<string>(type: "TEXT", maxLength: 4096, nullable: true),
                    outcome = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    reason_code = table.Column<string>(type: "TEXT", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    event_id = table.Column<long>(type: "INTEGER", nullable: true),
                    body_sha256 = table.Column<byte[]>(type: "BLOB", nullable: false),
                    body_length = table.Column<int>(type: "INTEGER", nullable: false),
                    body = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deliveries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "events",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    source = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    account = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    provider_event_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    type = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    api_version = table.Column<string>(type: "TEXT", nullable: true),
                    live_mode = table.Column<bool>(type: "INTEGER", nullable: true),
                    occurred_at = table.Column<long>(type: "INTEGER", nullable: false),
                    received_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    note = table.Column<string>(type: "TEXT", nullable: true),
                    waits_for = table.Column<string>(type: "TEXT", nullable: true),
                    customer_id = table.Column<string>(type: "TEXT", nullable: true),
                    email = table.Column<string>(type: "TEXT", nullable: true),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    next_cause = table.Column<string>(type: "TEXT", maxLength: 20, nullable: true),
                    next_attempt_at = table.Column<long>(type: "INTEGER", nullable: true),
                    processed_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "facts",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    scope = table.Column<string>(type: "TEXT", nullable: false),
                    natural_key = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    occurred_at = table.Column<long>(type: "INTEGER", nullable: false),
                    customer_id = table.Column<string>(type: "TEXT", nullable: true),
                    invoice_id = table.Column<string>(type: "TEXT", nullable: true),
                    payment_intent_id = table.Column<string>(type: "TEXT", nullable: true),
                    charge_id = table.Column<string>(type: "TEXT", nullable: true),
                    code = table.Column<string>(type: "TEXT", nullable: true),
                    event_id = table.Column<long>(type: "INTEGER", nullable: false),
                    provider_event_id = table.Column<string>(type: "TEXT", nullable: false),
                    data = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_facts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ledger_entries",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    entry_set_id = table.Column<long>(type: "INTEGER", nullable: false),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    account = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    referrer_id = table.Column<long>(type: "INTEGER", nullable: true),
                    currency = table.Column<string>(type: "TEXT", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ledger_entries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ledger_entry_sets",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    posted_at = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    reward_id = table.Column<long>(type: "INTEGER", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", nullable: false),
                    cause_kind = table.Column<string>(type: "TEXT", nullable: false),
                    cause_id = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ledger_entry_sets", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "referrals",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    new_user_id = table.Column<string>(type: "TEXT", nullable: false),
                    referrer_id = table.Column<long>(type: "INTEGER", nullable: true),
                    code = table.Column<string>(type: "TEXT", nullable: true),
                    attributed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    signed_up_at = table.Column<long>(type: "INTEGER", nullable: true),
                    first_paid_at = table.Column<long>(type: "INTEGER", nullable: true),
                    revision_number = table.Column<int>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    email = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_referrals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "referrers",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    product_user_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    email = table.Column<string>(type: "TEXT", nullable: true),
                    first_name = table.Column<string>(type: "TEXT", nullable: true),
                    last_name = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_referrers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "refold_requests",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    cause_kind = table.Column<string>(type: "TEXT", nullable: false),
                    cause_id = table.Column<string>(type: "TEXT", nullable: false),
                    done_up_to = table.Column<long>(type: "INTEGER", nullable: false),
                    requested_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_refold_requests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "review_cases",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    referral_id = table.Column<long>(type: "INTEGER", nullable: true),
                    customer_id = table.Column<string>(type: "TEXT", nullable: true),
                    question = table.Column<string>(type: "TEXT", nullable: false),
                    evidence_json = table.Column<string>(type: "TEXT", nullable: false),
                    opened_at = table.Column<long>(type: "INTEGER", nullable: false),
                    settled_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_review_cases", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rewards",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    referral_id = table.Column<long>(type: "INTEGER", nullable: false),
                    referrer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    code = table.Column<string>(type: "TEXT", nullable: false),
                    component = table.Column<string>(type: "TEXT", nullable: false),
                    invoice_id = table.Column<string>(type: "TEXT", nullable: false),
                    scope = table.Column<string>(type: "TEXT", nullable: false),
                    currency = table.Column<string>(type: "TEXT", nullable: false),
                    earned = table.Column<long>(type: "INTEGER", nullable: false),
                    reversed = table.Column<long>(type: "INTEGER", nullable: false),
                    paid_at = table.Column<long>(type: "INTEGER", nullable: false),
                    hold_until = table.Column<long>(type: "INTEGER", nullable: false),
                    revision_number = table.Column<int>(type: "INTEGER", nullable: false),
                    explanation = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rewards", x => x.id);
                    table.CheckConstraint("ck_rewards_reversed_at_most_earned", "reversed >= 0 AND reversed <= earned");
                });

            migrationBuilder.CreateTable(
                name: "signing_secrets",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    source = table.Column<string>(type: "TEXT", nullable: false),
                    protected_value = table.Column<string>(type: "TEXT", nullable: false),
                    last_four = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    created_by = table.Column<string>(type: "TEXT", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: true),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true),
                    last_used_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signing_secrets", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "transactions",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    scope = table.Column<string>(type: "TEXT", nullable: false),
                    external_id = table.Column<string>(type: "TEXT", nullable: false),
                    customer_id = table.Column<string>(type: "TEXT", nullable: true),
                    referral_id = table.Column<long>(type: "INTEGER", nullable: true),
                    currency = table.Column<string>(type: "TEXT", nullable: false),
                    amount_paid = table.Column<long>(type: "INTEGER", nullable: false),
                    amount_refunded = table.Column<long>(type: "INTEGER", nullable: false),
                    paid_at = table.Column<long>(type: "INTEGER", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    explanation = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_transactions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    email = table.Column<string>(type: "TEXT", nullable: false),
                    normalized_email = table.Column<string>(type: "TEXT", nullable: false),
                    password_hash = table.Column<string>(type: "TEXT", nullable: true),
                    security_stamp = table.Column<string>(type: "TEXT", nullable: false),
                    role = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    access_failed_count = table.Column<int>(type: "INTEGER", nullable: false),
                    lockout_end = table.Column<long>(type: "INTEGER", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "referral_codes",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    environment = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    referrer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    campaign_id = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_referral_codes", x => x.id);
                    table.ForeignKey(
                        name: "FK_referral_codes_referrers_referrer_id",
                        column: x => x.referrer_id,
                        principalTable: "referrers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_access_keys_environment_access_key_id",
                table: "access_keys",
                columns: new[] { "environment", "access_key_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_attempts_event_id_number",
                table: "attempts",
                columns: new[] { "event_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_environment_id",
                table: "audit_log",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_campaign_revisions_environment_campaign_id_number",
                table: "campaign_revisions",
                columns: new[] { "environment", "campaign_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_environment_new_user_id",
                table: "customers",
                columns: new[] { "environment", "new_user_id" },
                filter: "new_user_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_environment_scope_customer_id",
                table: "customers",
                columns: new[] { "environment", "scope", "customer_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_deliveries_environment_outcome_id",
                table: "deliveries",
                columns: new[] { "environment", "outcome", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_deliveries_event_id",
                table: "deliveries",
                column: "event_id");

            migrationBuilder.CreateIndex(
                name: "IX_events_environment_customer_id_id",
                table: "events",
                columns: new[] { "environment", "customer_id", "id" },
                filter: "customer_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_events_environment_email_id",
                table: "events",
                columns: new[] { "environment", "email", "id" },
                filter: "email IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_events_environment_id",
                table: "events",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_events_environment_provider_event_id_source_account",
                table: "events",
                columns: new[] { "environment", "provider_event_id", "source", "account" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_events_environment_type_id",
                table: "events",
                columns: new[] { "environment", "type", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_events_waits_for",
                table: "events",
                column: "waits_for",
                filter: "waits_for IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_events_pending",
                table: "events",
                columns: new[] { "next_attempt_at", "id" },
                filter: "state = 'pending'");

            migrationBuilder.CreateIndex(
                name: "ix_events_state",
                table: "events",
                columns: new[] { "environment", "state", "id" },
                filter: "state IN ('waiting', 'failed', 'ignored')");

            migrationBuilder.CreateIndex(
                name: "ix_events_status",
                table: "events",
                columns: new[] { "environment", "status", "id" },
                filter: "status IN ('warning', 'error')");

            migrationBuilder.CreateIndex(
                name: "IX_facts_charge_id_environment",
                table: "facts",
                columns: new[] { "charge_id", "environment" },
                filter: "charge_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_facts_code_environment",
                table: "facts",
                columns: new[] { "code", "environment" },
                filter: "code IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_facts_customer_id_environment",
                table: "facts",
                columns: new[] { "customer_id", "environment" },
                filter: "customer_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_facts_environment_scope_natural_key",
                table: "facts",
                columns: new[] { "environment", "scope", "natural_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_facts_event_id",
                table: "facts",
                column: "event_id");

            migrationBuilder.CreateIndex(
                name: "IX_facts_invoice_id_environment",
                table: "facts",
                columns: new[] { "invoice_id", "environment" },
                filter: "invoice_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_facts_payment_intent_id_environment",
                table: "facts",
                columns: new[] { "payment_intent_id", "environment" },
                filter: "payment_intent_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entries_entry_set_id",
                table: "ledger_entries",
                column: "entry_set_id");

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entries_environment_referrer_id_currency_account",
                table: "ledger_entries",
                columns: new[] { "environment", "referrer_id", "currency", "account" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_cause_kind_cause_id",
                table: "ledger_entry_sets",
                columns: new[] { "cause_kind", "cause_id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_environment_id",
                table: "ledger_entry_sets",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_reward_id",
                table: "ledger_entry_sets",
                column: "reward_id");

            migrationBuilder.CreateIndex(
                name: "IX_referral_codes_environment_code",
                table: "referral_codes",
                columns: new[] { "environment", "code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_referral_codes_referrer_id_campaign_id",
                table: "referral_codes",
                columns: new[] { "referrer_id", "campaign_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_referrals_environment_new_user_id",
                table: "referrals",
                columns: new[] { "environment", "new_user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_referrals_environment_referrer_id_id",
                table: "referrals",
                columns: new[] { "environment", "referrer_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_referrers_environment_product_user_id",
                table: "referrers",
                columns: new[] { "environment", "product_user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_review_cases_environment_key",
                table: "review_cases",
                columns: new[] { "environment", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_review_cases_open",
                table: "review_cases",
                columns: new[] { "environment", "id" },
                filter: "settled_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_rewards_environment_hold_until",
                table: "rewards",
                columns: new[] { "environment", "hold_until" });

            migrationBuilder.CreateIndex(
                name: "IX_rewards_environment_id",
                table: "rewards",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_rewards_environment_invoice_id",
                table: "rewards",
                columns: new[] { "environment", "invoice_id" });

            migrationBuilder.CreateIndex(
                name: "IX_rewards_environment_key",
                table: "rewards",
                columns: new[] { "environment", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_rewards_environment_paid_at",
                table: "rewards",
                columns: new[] { "environment", "paid_at" });

            migrationBuilder.CreateIndex(
                name: "IX_rewards_environment_referrer_id_id",
                table: "rewards",
                columns: new[] { "environment", "referrer_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_rewards_referral_id",
                table: "rewards",
                column: "referral_id");

            migrationBuilder.CreateIndex(
                name: "ix_rewards_cancelled",
                table: "rewards",
                columns: new[] { "environment", "id" },
                filter: "earned = reversed");

            migrationBuilder.CreateIndex(
                name: "IX_signing_secrets_environment_source",
                table: "signing_secrets",
                columns: new[] { "environment", "source" });

            migrationBuilder.CreateIndex(
                name: "IX_transactions_customer_id_environment",
                table: "transactions",
                columns: new[] { "customer_id", "environment" });

            migrationBuilder.CreateIndex(
                name: "IX_transactions_environment_external_id",
                table: "transactions",
                columns: new[] { "environment", "external_id" });

            migrationBuilder.CreateIndex(
                name: "IX_transactions_environment_id",
                table: "transactions",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_transactions_environment_reason_id",
                table: "transactions",
                columns: new[] { "environment", "reason", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_transactions_environment_scope_kind_external_id",
                table: "transactions",
                columns: new[] { "environment", "scope", "kind", "external_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_users_normalized_email",
                table: "users",
                column: "normalized_email",
                unique: true);

        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_keys");

            migrationBuilder.DropTable(
                name: "attempts");

            migrationBuilder.DropTable(
                name: "audit_log");

            migrationBuilder.DropTable(
                name: "campaign_revisions");

            migrationBuilder.DropTable(
                name: "campaigns");

            migrationBuilder.DropTable(
                name: "customers");

            migrationBuilder.DropTable(
                name: "daily_counts");

            migrationBuilder.DropTable(
                name: "deliveries");

            migrationBuilder.DropTable(
                name: "events");

            migrationBuilder.DropTable(
                name: "facts");

            migrationBuilder.DropTable(
                name: "ledger_entries");

            migrationBuilder.DropTable(
                name: "ledger_entry_sets");

            migrationBuilder.DropTable(
                name: "referral_codes");

            migrationBuilder.DropTable(
                name: "referrals");

            migrationBuilder.DropTable(
                name: "refold_requests");

            migrationBuilder.DropTable(
                name: "review_cases");

            migrationBuilder.DropTable(
                name: "rewards");

            migrationBuilder.DropTable(
                name: "signing_secrets");

            migrationBuilder.DropTable(
                name: "transactions");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropTable(
                name: "referrers");
        }
    }
}

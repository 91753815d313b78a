using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Portal.Core.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateSequence(
                name: "ledger_entry_set_ids");

            migrationBuilder.CreateTable(
                name: "access_keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    access_key_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    secret_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    scope = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "attempts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    event_id = table.Column<long>(type: "bigint", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    microseconds = table.Column<long>(type: "bigint", nullable: false),
                    outcome = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    error = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attempts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "audit_head",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    entries = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    older_entries = table.Column<long>(type: "bigint", nullable: false),
                    older_hash = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_head", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "audit_log",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    remote_address = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    target = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    before = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    after = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    hash = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_log", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "campaign_drafts",
                columns: table => new
                {
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    campaign_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    data = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    updated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    updated_by = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_drafts", x => new { x.environment, x.campaign_id });
                });

            migrationBuilder.CreateTable(
                name: "campaign_revisions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    campaign_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    number = table.Column<int>(type: "integer", nullable: false),
                    effective_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    data = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaign_revisions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "campaigns",
                columns: table => new
                {
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    campaign_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_campaigns", x => new { x.environment, x.campaign_id });
                });

            migrationBuilder.CreateTable(
                name: "customers",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    scope = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    customer_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    new_user_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    organization_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    identity_key = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "daily_counts",
                columns: table => new
                {
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    day = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_daily_counts", x => new { x.environment, x.day, x.name });
                });

            migrationBuilder.CreateTable(
                name: "deliveries",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    remote_address = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    signature = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    outcome = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    reason_code = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    event_id = table.Column<long>(type: "bigint", nullable: true),
                    body_sha256 = table.Column<byte[]>(type: "bytea", nullable: false),
                    body_length = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deliveries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "erased_marks",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erased_marks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "erasure_salts",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    salt = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erasure_salts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "erasures",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    reason = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    erased_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    erased_by = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erasures", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "events",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    provider_event_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    api_version = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    live_mode = table.Column<bool>(type: "boolean", nullable: true),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    status = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    note = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    waits_for = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    customer_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    next_cause = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    processed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    payload_removed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    payload_removal = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    kept_facts = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "exchange_rates",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    from_currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    to_currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    day = table.Column<DateOnly>(type: "date", nullable: false),
                    rate = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    note = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_exchange_rates", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "facts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    scope = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    natural_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    occurred_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    customer_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    invoice_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    payment_intent_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    charge_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    code = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    event_id = table.Column<long>(type: "bigint", nullable: false),
                    provider_event_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    data = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_facts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "key_ring",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    slot = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    xml = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_key_ring", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ledger_entries",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    entry_set_id = table.Column<long>(type: "bigint", nullable: false),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    referrer_id = table.Column<long>(type: "bigint", nullable: true),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    amount = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ledger_entries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ledger_entry_sets",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    posted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    reward_id = table.Column<long>(type: "bigint", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cause_kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cause_id = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ledger_entry_sets", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "payouts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    as_of = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    minimum = table.Column<long>(type: "bigint", nullable: false),
                    note = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    referrers = table.Column<int>(type: "integer", nullable: false),
                    lines = table.Column<int>(type: "integer", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    paid = table.Column<long>(type: "bigint", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    approved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    approved_by = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    exported_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    exported_by = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    exported = table.Column<long>(type: "bigint", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_by = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payouts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rebuild_runs",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    apply = table.Column<bool>(type: "boolean", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    started_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    is_cancel_asked = table.Column<bool>(type: "boolean", nullable: false),
                    events = table.Column<long>(type: "bigint", nullable: false),
                    referrals = table.Column<long>(type: "bigint", nullable: false),
                    percent = table.Column<int>(type: "integer", nullable: false),
                    posted = table.Column<int>(type: "integer", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    report_json = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rebuild_runs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "referrals",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    identity_kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    new_user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    referrer_id = table.Column<long>(type: "bigint", nullable: true),
                    code = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    attributed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    signed_up_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    first_paid_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revision_number = table.Column<int>(type: "integer", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    email_lower = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(email)", stored: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_referrals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "referrers",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    product_user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    first_name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    last_name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    address_mark = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    erased_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    email_lower = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(email)", stored: true, collation: "C"),
                    last_name_lower = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(last_name)", stored: true, collation: "C"),
                    name_lower = table.Column<string>(type: "text", nullable: true, computedColumnSql: "lower(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')))", stored: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_referrers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "refold_requests",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cause_kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    cause_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    subjects = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    done_up_to = table.Column<long>(type: "bigint", nullable: false),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_refold_requests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "review_cases",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    referral_id = table.Column<long>(type: "bigint", nullable: true),
                    customer_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    question = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    evidence_json = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    opened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    choices_json = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    decision_id = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_review_cases", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "review_decisions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    case_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    choice = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    reason = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    decided_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    decided_by = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_review_decisions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rewards",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    referral_id = table.Column<long>(type: "bigint", nullable: false),
                    referrer_id = table.Column<long>(type: "bigint", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    component = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    invoice_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    scope = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    earned = table.Column<long>(type: "bigint", nullable: false),
                    reversed = table.Column<long>(type: "bigint", nullable: false),
                    paid = table.Column<long>(type: "bigint", nullable: false),
                    clawed_back = table.Column<long>(type: "bigint", nullable: false),
                    paid_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    hold_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    waits_for = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    net_before_cap = table.Column<long>(type: "bigint", nullable: true),
                    revision_number = table.Column<int>(type: "integer", nullable: false),
                    explanation = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rewards", x => x.id);
                    table.CheckConstraint("ck_rewards_paid_is_none_or_more", "paid >= 0 AND clawed_back >= 0");
                    table.CheckConstraint("ck_rewards_reversed_at_most_earned", "reversed >= 0 AND reversed <= earned");
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    user_id = table.Column<long>(type: "bigint", nullable: false),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sessions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sign_in_tallies",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    guesses = table.Column<int>(type: "integer", nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    succeeded_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sign_in_tallies", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "signing_secrets",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    protected_value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    last_four = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signing_secrets", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "simulation_cells",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    run_id = table.Column<long>(type: "bigint", nullable: false),
                    month = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    referrer = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    now = table.Column<long>(type: "bigint", nullable: false),
                    draft = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_simulation_cells", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "simulation_runs",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    campaign_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    data = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    effective_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    to = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    done = table.Column<int>(type: "integer", nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false),
                    report = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    requested_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_simulation_runs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "transactions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    scope = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    external_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    customer_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    referral_id = table.Column<long>(type: "bigint", nullable: true),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    amount_paid = table.Column<long>(type: "bigint", nullable: false),
                    amount_refunded = table.Column<long>(type: "bigint", nullable: false),
                    paid_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    explanation = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_transactions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    email = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    normalized_email = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    password_hash = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    security_stamp = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    role = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    access_failed_count = table.Column<int>(type: "integer", nullable: false),
                    lockout_end = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "payout_lines",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    payout_id = table.Column<long>(type: "bigint", nullable: false),
                    referrer_id = table.Column<long>(type: "bigint", nullable: false),
                    reward_id = table.Column<long>(type: "bigint", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    paid = table.Column<long>(type: "bigint", nullable: true),
                    is_open = table.Column<bool>(type: "boolean", nullable: false)
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

            migrationBuilder.CreateTable(
                name: "referral_codes",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    environment = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    code = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    referrer_id = table.Column<long>(type: "bigint", nullable: false),
                    campaign_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
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

            migrationBuilder.CreateTable(
                name: "second_factors",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    user_id = table.Column<long>(type: "bigint", nullable: false),
                    protected_secret = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    confirmed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_step = table.Column<long>(type: "bigint", nullable: false),
                    recovery_hashes = table.Column<string>(type: "text", nullable: false, collation: "C")
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
                name: "IX_audit_log_environment_id",
                table: "audit_log",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_campaign_revisions_environment_campaign_id_number",
                table: "campaign_revisions",
                columns: new[] { "environment", "campaign_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_environment_identity_key",
                table: "customers",
                columns: new[] { "environment", "identity_key" },
                filter: "identity_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_environment_new_user_id",
                table: "customers",
                columns: new[] { "environment", "new_user_id" },
                filter: "new_user_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_environment_organization_id",
                table: "customers",
                columns: new[] { "environment", "organization_id" },
                filter: "organization_id IS NOT NULL");

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
                name: "IX_erased_marks_environment_kind_value",
                table: "erased_marks",
                columns: new[] { "environment", "kind", "value" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_erasures_environment_id",
                table: "erasures",
                columns: new[] { "environment", "id" });

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
                name: "IX_key_ring_slot",
                table: "key_ring",
                column: "slot",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entries_entry_set_id",
                table: "ledger_entries",
                column: "entry_set_id");

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entries_environment_referrer_id_currency_account",
                table: "ledger_entries",
                columns: new[] { "environment", "referrer_id", "currency", "account" });

            migrationBuilder.CreateIndex(
                name: "ix_ledger_entries_statement",
                table: "ledger_entries",
                columns: new[] { "environment", "referrer_id", "entry_set_id", "currency", "account", "amount" },
                filter: "referrer_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_cause_kind_cause_id",
                table: "ledger_entry_sets",
                columns: new[] { "cause_kind", "cause_id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_environment_cause_kind_id",
                table: "ledger_entry_sets",
                columns: new[] { "environment", "cause_kind", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_environment_currency_id",
                table: "ledger_entry_sets",
                columns: new[] { "environment", "currency", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_environment_id",
                table: "ledger_entry_sets",
                columns: new[] { "environment", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_environment_posted_at_id",
                table: "ledger_entry_sets",
                columns: new[] { "environment", "posted_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_entry_sets_reward_id",
                table: "ledger_entry_sets",
                column: "reward_id");

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
                name: "IX_referral_codes_environment_campaign_id_id",
                table: "referral_codes",
                columns: new[] { "environment", "campaign_id", "id" });

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
                name: "IX_referrals_environment_referrer_id_id",
                table: "referrals",
                columns: new[] { "environment", "referrer_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_referrals_not_attributed",
                table: "referrals",
                columns: new[] { "environment", "id" },
                filter: "reason IS NOT NULL");

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
                name: "IX_referrers_environment_product_user_id",
                table: "referrers",
                columns: new[] { "environment", "product_user_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_review_cases_customer_id_environment",
                table: "review_cases",
                columns: new[] { "customer_id", "environment" });

            migrationBuilder.CreateIndex(
                name: "IX_review_cases_environment_key",
                table: "review_cases",
                columns: new[] { "environment", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_review_cases_environment_kind_id",
                table: "review_cases",
                columns: new[] { "environment", "kind", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_review_cases_referral_id",
                table: "review_cases",
                column: "referral_id");

            migrationBuilder.CreateIndex(
                name: "ix_review_cases_open",
                table: "review_cases",
                columns: new[] { "environment", "id" },
                filter: "settled_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_review_cases_settled",
                table: "review_cases",
                columns: new[] { "environment", "id" },
                filter: "settled_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_review_decisions_environment_case_key_id",
                table: "review_decisions",
                columns: new[] { "environment", "case_key", "id" });

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

            migrationBuilder.CreateIndex(
                name: "IX_signing_secrets_environment_source",
                table: "signing_secrets",
                columns: new[] { "environment", "source" });

            migrationBuilder.CreateIndex(
                name: "IX_simulation_cells_run_id_id",
                table: "simulation_cells",
                columns: new[] { "run_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_simulation_runs_environment_campaign_id_id",
                table: "simulation_runs",
                columns: new[] { "environment", "campaign_id", "id" });

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

            migrationBuilder.Sql(DeliveriesByMonth.Sql);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_keys");

            migrationBuilder.DropTable(
                name: "attempts");

            migrationBuilder.DropTable(
                name: "audit_head");

            migrationBuilder.DropTable(
                name: "audit_log");

            migrationBuilder.DropTable(
                name: "campaign_drafts");

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
                name: "erased_marks");

            migrationBuilder.DropTable(
                name: "erasure_salts");

            migrationBuilder.DropTable(
                name: "erasures");

            migrationBuilder.DropTable(
                name: "events");

            migrationBuilder.DropTable(
                name: "exchange_rates");

            migrationBuilder.DropTable(
                name: "facts");

            migrationBuilder.DropTable(
                name: "key_ring");

            migrationBuilder.DropTable(
                name: "ledger_entries");

            migrationBuilder.DropTable(
                name: "ledger_entry_sets");

            migrationBuilder.DropTable(
                name: "payout_lines");

            migrationBuilder.DropTable(
                name: "rebuild_runs");

            migrationBuilder.DropTable(
                name: "referral_codes");

            migrationBuilder.DropTable(
                name: "referrals");

            migrationBuilder.DropTable(
                name: "refold_requests");

            migrationBuilder.DropTable(
                name: "review_cases");

            migrationBuilder.DropTable(
                name: "review_decisions");

            migrationBuilder.DropTable(
                name: "rewards");

            migrationBuilder.DropTable(
                name: "second_factors");

            migrationBuilder.DropTable(
                name: "sessions");

            migrationBuilder.DropTable(
                name: "sign_in_tallies");

            migrationBuilder.DropTable(
                name: "signing_secrets");

            migrationBuilder.DropTable(
                name: "simulation_cells");

            migrationBuilder.DropTable(
                name: "simulation_runs");

            migrationBuilder.DropTable(
                name: "transactions");

            migrationBuilder.DropTable(
                name: "payouts");

            migrationBuilder.DropTable(
                name: "referrers");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropSequence(
                name: "ledger_entry_set_ids");
        }
    }
}

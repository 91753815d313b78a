using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Portal.Core.Postgres;

/// <summary>
/// What the database itself refuses, whoever asks: the same as on SQLite. A mark on the database says which version of the guards stands;
/// where it differs, or one of them is missing, all are put in place anew.
/// </summary>
internal static class PostgresTriggers
{
    /// <summary>To be raised with every change of the guards.</summary>
    private const int Version = 1;

    private const string Refusal = """
        CREATE OR REPLACE FUNCTION portal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
        """;

    private static readonly IReadOnlyList<(string Table, string Name, string Create)> Triggers =
    [
        .. Own("ledger_entries", "sealed", "BEFORE INSERT", "FOR EACH ROW", """
            IF EXISTS (SELECT 1 FROM ledger_entry_sets WHERE id = NEW.entry_set_id) THEN RAISE EXCEPTION 'ledger: the entry set is sealed' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NEW;
            """),
        .. Own("ledger_entry_sets", "balanced", "BEFORE INSERT", "FOR EACH ROW", """
            IF NEW.amount = 0 OR (SELECT count(*) < 2 OR coalesce(sum(amount), 1) <> 0 OR min(currency) <> max(currency) OR min(currency) <> NEW.currency
                    OR min(environment) <> max(environment) OR min(environment) <> NEW.environment OR max(abs(amount)) <> abs(NEW.amount)
                FROM ledger_entries WHERE entry_set_id = NEW.id)
            THEN RAISE EXCEPTION 'ledger: the entry set does not balance' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            IF NEW.kind NOT IN ('earned', 'reversed', 'paid') OR EXISTS (SELECT 1 FROM ledger_entries e JOIN rewards r ON r.id = NEW.reward_id
                WHERE e.entry_set_id = NEW.id AND e.referrer_id IS NOT NULL AND e.referrer_id <> r.referrer_id)
            THEN RAISE EXCEPTION 'ledger: the entry set is of another referrer or of no known kind' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NEW;
            """),
        .. Own("ledger_entry_sets", "move_reward", "AFTER INSERT", "FOR EACH ROW", """
            UPDATE rewards SET earned = earned + CASE NEW.kind WHEN 'earned' THEN NEW.amount ELSE 0 END,
                               reversed = reversed + CASE NEW.kind WHEN 'reversed' THEN NEW.amount ELSE 0 END,
                               paid = paid + CASE NEW.kind WHEN 'paid' THEN NEW.amount ELSE 0 END,
                               clawed_back = clawed_back + CASE NEW.kind WHEN 'paid' THEN 0 ELSE
                                 (SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE entry_set_id = NEW.id AND account = 'receivable') END
            WHERE id = NEW.reward_id AND currency = NEW.currency AND environment = NEW.environment;
            IF NOT FOUND THEN RAISE EXCEPTION 'ledger: the entry set names no reward in its currency' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NULL;
            """),
        .. Own("rewards", "amounts_follow_ledger", "AFTER UPDATE OF earned, reversed, paid, clawed_back", "FOR EACH ROW", """
            IF NEW.earned <> (SELECT coalesce(sum(amount), 0) FROM ledger_entry_sets WHERE reward_id = NEW.id AND kind = 'earned')
                OR NEW.reversed <> (SELECT coalesce(sum(amount), 0) FROM ledger_entry_sets WHERE reward_id = NEW.id AND kind = 'reversed')
                OR NEW.paid <> (SELECT coalesce(sum(amount), 0) FROM ledger_entry_sets WHERE reward_id = NEW.id AND kind = 'paid')
                OR NEW.clawed_back <> (SELECT coalesce(sum(e.amount), 0) FROM ledger_entry_sets s JOIN ledger_entries e ON e.entry_set_id = s.id
                                       WHERE s.reward_id = NEW.id AND s.kind <> 'paid' AND e.account = 'receivable')
            THEN RAISE EXCEPTION 'ledger: a reward''s amounts are the sums of its entries' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NULL;
            """),
        .. Own("rewards", "start_at_zero", "BEFORE INSERT", "FOR EACH ROW", """
            IF NEW.earned <> 0 OR NEW.reversed <> 0 OR NEW.paid <> 0 OR NEW.clawed_back <> 0
            THEN RAISE EXCEPTION 'ledger: a reward''s amounts are the sums of its entries' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NEW;
            """),
        Refuse("rewards", "stay_whose_they_are", "BEFORE UPDATE OF environment, key, referral_id, referrer_id, code, component, invoice_id, scope, currency",
            "ledger: whose a reward is, for what and in which currency, is never changed"),
        .. Never("ledger_entries", "ledger: entries"),
        .. Never("ledger_entry_sets", "ledger: entry sets"),
        .. Kept("rewards", "ledger: rewards"),
        .. Never("audit_log", "audit: entries"),
        .. Never("review_decisions", "reviews: decisions"),
        .. Never("exchange_rates", "rates: rates"),
        .. Own("payouts", "end_for_good", "BEFORE UPDATE OF environment, currency, amount, paid, state", "FOR EACH ROW", """
            IF OLD.state IN ('settled', 'cancelled') OR NEW.environment <> OLD.environment OR NEW.currency <> OLD.currency OR NEW.amount <> OLD.amount
            THEN RAISE EXCEPTION 'payouts: what has ended is never changed' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NEW;
            """),
        .. Own("payout_lines", "end_for_good", "BEFORE UPDATE", "FOR EACH ROW", """
            IF NOT OLD.is_open OR NEW.payout_id <> OLD.payout_id OR NEW.reward_id <> OLD.reward_id OR NEW.referrer_id <> OLD.referrer_id OR NEW.amount <> OLD.amount
            THEN RAISE EXCEPTION 'payouts: what has ended is never changed' USING ERRCODE = 'integrity_constraint_violation'; END IF;
            RETURN NEW;
            """),
        .. Kept("payouts", "payouts: payouts"),
        .. Kept("payout_lines", "payouts: payouts"),
    ];

    /// <summary>Sees to it that exactly these guards are there, in one transaction.</summary>
    public static void Ensure(NpgsqlConnection connection)
    {
        var mark = $"guards {Version} " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Refusal + string.Join('\n', Triggers.Select(t => t.Create)))))[..16];
        var missing = Triggers.Select(t => (t.Table, t.Name)).Except(Existing(connection)).Any();
        var stands = Mark(connection);
        var isNewer = stands?.Split(' ') is ["guards", var number, _] && int.TryParse(number, out var version) && version > Version;
        if (isNewer || (!missing && stands == mark)) return;   // a newer portal's guards stay, also where this one starts last
        using var transaction = connection.BeginTransaction();
        PostgresLocks.Wait(connection);   // no batch is under way that would cross the locks on the tables
        PostgresSchema.Run(connection, Refusal);
        foreach (var trigger in Triggers) PostgresSchema.Run(connection, trigger.Create);
        PostgresSchema.Run(connection, $"COMMENT ON FUNCTION portal_refuse() IS '{mark}'");
        transaction.Commit();
    }

    private static HashSet<(string, string)> Existing(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(
            "SELECT c.relname::text, t.tgname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND c.relnamespace = current_schema()::regnamespace", connection);
        using var reader = command.ExecuteReader();
        var triggers = new HashSet<(string, string)>();
        while (reader.Read()) triggers.Add((reader.GetString(0), reader.GetString(1)));
        return triggers;
    }

    private static string? Mark(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT obj_description(to_regprocedure('portal_refuse()'), 'pg_proc')", connection);
        return command.ExecuteScalar() as string;
    }

    private static IEnumerable<(string, string, string)> Own(string table, string name, string when, string each, string body)
    {
        var trigger = $"{table}_{name}";
        yield return (table, trigger, $"""
            CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
            {body}
            END $$;
            DROP TRIGGER IF EXISTS {trigger} ON {table};
            CREATE TRIGGER {trigger} {when} ON {table} {each} EXECUTE FUNCTION {trigger}()
            """);
    }

    private static IEnumerable<(string, string, string)> Never(string table, string what) =>
        [Refuse(table, "no_update", "BEFORE UPDATE", $"{what} are never changed"), .. Kept(table, what)];

    private static IEnumerable<(string, string, string)> Kept(string table, string what) =>
    [
        Refuse(table, "no_delete", "BEFORE DELETE", $"{what} are never deleted"),
        Refuse(table, "no_truncate", "BEFORE TRUNCATE", $"{what} are never deleted", "FOR EACH STATEMENT"),
    ];

    private static (string, string, string) Refuse(string table, string name, string when, string message, string each = "FOR EACH ROW")
    {
        var trigger = $"{table}_{name}";
        return (table, trigger, $"""
            DROP TRIGGER IF EXISTS {trigger} ON {table};
            CREATE TRIGGER {trigger} {when} ON {table} {each} EXECUTE FUNCTION portal_refuse('{message}')
            """);
    }
}

using Microsoft.Data.Sqlite;

namespace Portal.Core.Sqlite;

/// <summary>
/// What the database itself refuses, whoever asks: changing or deleting a ledger entry, an unbalanced entry set, a reversal
/// above its reward, amounts of a reward that its entries do not bear out, and changes to the audit log, to decisions and to rates.
/// They are no part of the migrations: every start sees to it that exactly these are there.
/// </summary>
internal static class SqliteTriggers
{
    /// <summary>One statement each.</summary>
    public static readonly IReadOnlyList<string> Create =
    [
        // An entry may only be written before its set; the set's arrival seals it.
        """
        CREATE TRIGGER ledger_entries_sealed BEFORE INSERT ON ledger_entries
        WHEN EXISTS (SELECT 1 FROM ledger_entry_sets WHERE id = NEW.entry_set_id)
        BEGIN SELECT RAISE(ABORT, 'ledger: the entry set is sealed'); END
        """,
        """
        CREATE TRIGGER ledger_entry_sets_balanced BEFORE INSERT ON ledger_entry_sets
        WHEN NEW.amount = 0
          OR (SELECT count(*) < 2 OR coalesce(sum(amount), 1) <> 0 OR min(currency) <> max(currency) OR min(currency) <> NEW.currency
                  OR min(environment) <> max(environment) OR min(environment) <> NEW.environment OR max(abs(amount)) <> abs(NEW.amount)
              FROM ledger_entries WHERE entry_set_id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'ledger: the entry set does not balance'); END
        """,
        """
        CREATE TRIGGER ledger_entry_sets_move_reward AFTER INSERT ON ledger_entry_sets
        BEGIN
          UPDATE rewards SET earned = earned + CASE NEW.kind WHEN 'earned' THEN NEW.amount ELSE 0 END,
                             reversed = reversed + CASE NEW.kind WHEN 'reversed' THEN NEW.amount ELSE 0 END,
                             paid = paid + CASE NEW.kind WHEN 'paid' THEN NEW.amount ELSE 0 END,
                             clawed_back = clawed_back + CASE NEW.kind WHEN 'paid' THEN 0 ELSE
                               (SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE entry_set_id = NEW.id AND account = 'receivable') END
          WHERE id = NEW.reward_id AND currency = NEW.currency AND environment = NEW.environment;
          SELECT RAISE(ABORT, 'ledger: the entry set names no reward in its currency') WHERE changes() = 0;
        END
        """,
        """
        CREATE TRIGGER rewards_amounts_follow_ledger AFTER UPDATE OF earned, reversed, paid, clawed_back ON rewards
        WHEN NEW.earned <> (SELECT coalesce(sum(amount), 0) FROM ledger_entry_sets WHERE reward_id = NEW.id AND kind = 'earned')
          OR NEW.reversed <> (SELECT coalesce(sum(amount), 0) FROM ledger_entry_sets WHERE reward_id = NEW.id AND kind = 'reversed')
          OR NEW.paid <> (SELECT coalesce(sum(amount), 0) FROM ledger_entry_sets WHERE reward_id = NEW.id AND kind = 'paid')
          OR NEW.clawed_back <> (SELECT coalesce(sum(e.amount), 0) FROM ledger_entry_sets s JOIN ledger_entries e ON e.entry_set_id = s.id
                                 WHERE s.reward_id = NEW.id AND s.kind <> 'paid' AND e.account = 'receivable')
        BEGIN SELECT RAISE(ABORT, 'ledger: a reward''s amounts are the sums of its entries'); END
        """,
        """
        CREATE TRIGGER rewards_start_at_zero BEFORE INSERT ON rewards
        WHEN NEW.earned <> 0 OR NEW.reversed <> 0 OR NEW.paid <> 0 OR NEW.clawed_back <> 0
        BEGIN SELECT RAISE(ABORT, 'ledger: a reward''s amounts are the sums of its entries'); END
        """,
        // INSERT OR REPLACE deletes without a delete trigger: what exists is never written over.
        .. ((string[])["ledger_entries", "ledger_entry_sets", "rewards", "audit_log", "review_decisions", "exchange_rates", "payouts", "payout_lines"]).Select(table =>
            $"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'ledger: rows are never replaced'); END"),
        """
        CREATE TRIGGER rewards_stay_whose_they_are BEFORE UPDATE OF environment, key, referral_id, referrer_id, code, component, invoice_id, scope, currency ON rewards
        BEGIN SELECT RAISE(ABORT, 'ledger: whose a reward is, for what and in which currency, is never changed'); END
        """,
        """
        CREATE TRIGGER ledger_entry_sets_of_the_reward BEFORE INSERT ON ledger_entry_sets
        WHEN NEW.kind NOT IN ('earned', 'reversed', 'paid')
          OR EXISTS (SELECT 1 FROM ledger_entries e JOIN rewards r ON r.id = NEW.reward_id
                     WHERE e.entry_set_id = NEW.id AND e.referrer_id IS NOT NULL AND e.referrer_id <> r.referrer_id)
        BEGIN SELECT RAISE(ABORT, 'ledger: the entry set is of another referrer or of no known kind'); END
        """,
        Refuse("ledger_entries", "UPDATE", "ledger: entries are never changed"),
        Refuse("ledger_entries", "DELETE", "ledger: entries are never deleted"),
        Refuse("ledger_entry_sets", "UPDATE", "ledger: entry sets are never changed"),
        Refuse("ledger_entry_sets", "DELETE", "ledger: entry sets are never deleted"),
        Refuse("rewards", "DELETE", "ledger: rewards are never deleted"),
        Refuse("audit_log", "UPDATE", "audit: entries are never changed"),
        Refuse("audit_log", "DELETE", "audit: entries are never deleted"),
        Refuse("review_decisions", "UPDATE", "reviews: decisions are never changed"),
        Refuse("review_decisions", "DELETE", "reviews: decisions are never deleted"),
        Refuse("exchange_rates", "UPDATE", "rates: rates are never changed"),
        Refuse("exchange_rates", "DELETE", "rates: rates are never deleted"),
        """
        CREATE TRIGGER payouts_end_for_good BEFORE UPDATE OF environment, currency, amount, paid, state ON payouts
        WHEN OLD.state IN ('settled', 'cancelled') OR NEW.environment <> OLD.environment OR NEW.currency <> OLD.currency OR NEW.amount <> OLD.amount
        BEGIN SELECT RAISE(ABORT, 'payouts: what has ended is never changed'); END
        """,
        """
        CREATE TRIGGER payout_lines_end_for_good BEFORE UPDATE ON payout_lines
        WHEN NOT OLD.is_open OR NEW.payout_id <> OLD.payout_id OR NEW.reward_id <> OLD.reward_id OR NEW.referrer_id <> OLD.referrer_id OR NEW.amount <> OLD.amount
        BEGIN SELECT RAISE(ABORT, 'payouts: what has ended is never changed'); END
        """,
        Refuse("payouts", "DELETE", "payouts: payouts are never deleted"),
        Refuse("payout_lines", "DELETE", "payouts: payouts are never deleted"),
    ];

    /// <summary>Takes all triggers away, for migrations.</summary>
    public static void Drop(SqliteConnection connection)
    {
        foreach (var name in Existing(connection).Keys) Run(connection, $"DROP TRIGGER \"{name}\"", null);
    }

    /// <summary>Sees to it that exactly these triggers are there, in one transaction.</summary>
    public static void Ensure(SqliteConnection connection)
    {
        if (Existing(connection).Values.Order(StringComparer.Ordinal).SequenceEqual(Create.Order(StringComparer.Ordinal), StringComparer.Ordinal)) return;
        using var transaction = connection.BeginTransaction();
        foreach (var name in Existing(connection).Keys) Run(connection, $"DROP TRIGGER \"{name}\"", transaction);
        foreach (var trigger in Create) Run(connection, trigger, transaction);
        transaction.Commit();
    }

    private static Dictionary<string, string> Existing(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'";
        using var reader = command.ExecuteReader();
        var triggers = new Dictionary<string, string>();
        while (reader.Read()) triggers[reader.GetString(0)] = reader.GetString(1);
        return triggers;
    }

    private static void Run(SqliteConnection connection, string sql, SqliteTransaction? transaction)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        command.ExecuteNonQuery();
    }

    private static string Refuse(string table, string verb, string message) =>
        $"CREATE TRIGGER {table}_no_{verb.ToLowerInvariant()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END";
}

using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Core.Data;
using Portal.Core.Sqlite;
using Xunit;

namespace Portal.Tests.Ledger;

/// <summary>What the database refuses by itself, tried with plain SQL on a connection of its own, past all of our code.</summary>
public sealed class DatabaseGuardTests : IAsyncLifetime
{
    private static readonly string[] Pragmas = ["journal_mode", "synchronous", "foreign_keys", "busy_timeout"];
    private readonly PortalOnDisk _portal = new();

    public async Task InitializeAsync()
    {
        await _portal.ReferrerAsync("abcDEF12345", "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.Charge(), StripeSamples.InvoicePaid(), StripeSamples.Refund(amount: 3_000));
    }

    [Theory]
    [InlineData("UPDATE ledger_entries SET amount = amount + 1", "entries are never changed")]
    [InlineData("UPDATE ledger_entries SET referrer_id = NULL", "entries are never changed")]
    [InlineData("DELETE FROM ledger_entries", "entries are never deleted")]
    [InlineData("UPDATE ledger_entry_sets SET amount = 1", "entry sets are never changed")]
    [InlineData("UPDATE ledger_entry_sets SET cause_id = '99'", "entry sets are never changed")]
    [InlineData("DELETE FROM ledger_entry_sets", "entry sets are never deleted")]
    [InlineData("DELETE FROM rewards", "rewards are never deleted")]
    [InlineData("UPDATE rewards SET earned = earned + 1", "sums of its entries")]
    [InlineData("UPDATE rewards SET reversed = 0", "sums of its entries")]
    [InlineData("UPDATE rewards SET earned = 0, reversed = 0", "sums of its entries")]
    [InlineData("INSERT INTO ledger_entries (entry_set_id, environment, account, currency, amount) VALUES (1, 'sandbox', 'rewardExpense', 'USD', 5)", "is sealed")]
    [InlineData("UPDATE audit_log SET actor = 'nobody'", "entries are never changed")]
    [InlineData("DELETE FROM audit_log", "entries are never deleted")]
    public void History_is_not_rewritten(string sql, string refusal) => AssertRefused(refusal, sql);

    [Theory]
    [InlineData("('rewardExpense', 500, 'USD'), ('payable', -499, 'USD')", 500, "USD", "does not balance")]
    [InlineData("('rewardExpense', 500, 'USD')", 500, "USD", "does not balance")]
    [InlineData("('rewardExpense', 500, 'USD'), ('payable', -500, 'EUR')", 500, "USD", "does not balance")]
    [InlineData("('rewardExpense', 500, 'EUR'), ('payable', -500, 'EUR')", 500, "USD", "does not balance")]
    [InlineData("('rewardExpense', 500, 'EUR'), ('payable', -500, 'EUR')", 500, "EUR", "names no reward in its currency")]
    [InlineData("('rewardExpense', 500, 'USD'), ('payable', -500, 'USD')", 400, "USD", "does not balance")]
    [InlineData("('rewardExpense', 0, 'USD'), ('payable', 0, 'USD')", 0, "USD", "does not balance")]
    public void A_set_that_does_not_balance_is_refused(string entries, long amount, string currency, string refusal) =>
        AssertRefused(refusal, Entries(entries), Set("earned", amount, currency));

    [Fact]
    public void A_set_without_entries_is_refused() => AssertRefused("does not balance", Set("earned", 500));

    [Fact]
    public void A_set_whose_entries_are_of_another_environment_is_refused() =>
        AssertRefused("does not balance", Entries("('rewardExpense', 500, 'USD'), ('payable', -500, 'USD')").Replace("'sandbox'", "'production'", StringComparison.Ordinal), Set("earned", 500));

    [Theory]
    [InlineData("reversed", 1_501)]   // 2,000 earned, 500 of it reversed
    [InlineData("reversed", -501)]
    [InlineData("earned", -1_501)]
    public void Neither_more_than_was_earned_nor_less_than_nothing_is_ever_taken_back(string kind, long amount) =>
        AssertRefused(TestDatabase.Server is null ? "CHECK constraint failed" : "violates check constraint", Entries($"('rewardExpense', {amount}, 'USD'), ('payable', {-amount}, 'USD')"), Set(kind, amount));

    [Fact]
    public async Task A_set_that_is_right_is_taken_and_moves_its_reward()
    {
        _portal.Database.Execute([Entries("('rewardExpense', -100, 'USD'), ('payable', 100, 'USD')"), Set("reversed", 100)]);

        await using var db = _portal.Store.OpenRead();
        Assert.Equal((2_000, 600), await db.Set<Portal.Core.Rewards.Reward>().Select(r => new { r.Earned, r.Reversed }).SingleAsync() is var r ? (r.Earned, r.Reversed) : default);
    }

    [Theory]
    [InlineData("facts", "environment, scope, natural_key")]
    [InlineData("events", "environment, provider_event_id, source, account")]
    [InlineData("rewards", "environment, key")]
    [InlineData("transactions", "environment, scope, kind, external_id")]
    [InlineData("referrals", "environment, new_user_id")]
    [InlineData("referral_codes", "environment, code")]
    [InlineData("referrers", "environment, product_user_id")]
    [InlineData("attempts", "event_id, number")]
    [InlineData("campaign_revisions", "environment, campaign_id, number")]
    public void What_is_named_once_is_there_once(string table, string key)
    {
        var columns = _portal.Database.ColumnsOf(table);
        var values = columns.Select(c => (table, c) switch
        {
            ("rewards", "earned" or "reversed") => "0",
            ("referral_codes", "campaign_id") => "'another'",   // one code per referrer and campaign is a key of its own
            _ => c,
        });

        var refusal = AssertRefused(TestDatabase.Server is null ? "UNIQUE constraint failed" : "violates unique constraint", $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM {table} LIMIT 1");
        Assert.All(key.Split(", "), column => Assert.Contains(TestDatabase.Server is null ? $"{table}.{column}" : $"_{column}", refusal, StringComparison.Ordinal));
    }

    [Fact]
    public void A_reward_starts_at_nothing()
    {
        var columns = _portal.Database.ColumnsOf("rewards");
        var values = columns.Select(c => c == "key" ? "'another'" : c);

        AssertRefused("sums of its entries", $"INSERT INTO rewards ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM rewards LIMIT 1");
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task The_writer_flushes_every_commit_keeps_foreign_keys_and_waits_its_turn()
    {
        var settings = await _portal.Store.WriteAsync(db => Pragmas.Select(pragma =>
        {
            using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"PRAGMA {pragma}";
            return $"{pragma}={command.ExecuteScalar()}";
        }).ToList(), default);

        Assert.Equal(["journal_mode=wal", "synchronous=2", "foreign_keys=1", "busy_timeout=10000"], settings);
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task A_reader_cannot_write()
    {
        await using var db = _portal.Store.OpenRead();
        var refusal = await Assert.ThrowsAsync<SqliteException>(() => db.Database.ExecuteSqlRawAsync("UPDATE events SET attempts = 0"));
        Assert.Contains("readonly", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task A_second_portal_on_the_same_directory_is_refused_and_the_first_goes_on()
    {
        var (second, _) = SqliteDatabase.At(_portal.DatabasePath, NullLoggerFactory.Instance);

        var refusal = Assert.Throws<StoreNotOpenedException>(second.Open);
        Assert.Contains("Another portal has the data directory", refusal.Message, StringComparison.Ordinal);
        Assert.True(await _portal.Store.WriteAsync(_ => true, default));
    }

    public Task DisposeAsync()
    {
        _portal.Dispose();
        return Task.CompletedTask;
    }

    private static string Entries(string rows) =>
        $"INSERT INTO ledger_entries (entry_set_id, environment, account, amount, currency) SELECT 1000, 'sandbox', column1, column2, column3 FROM (VALUES {rows}) AS rows";

    private static string Set(string kind, long amount, string currency = "USD") =>
        $"INSERT INTO ledger_entry_sets (id, environment, posted_at, kind, reward_id, amount, currency, cause_kind, cause_id) SELECT 1000, 'sandbox', max(posted_at), '{kind}', 1, {amount}, '{currency}', 'event', '1' FROM ledger_entry_sets";

    private string AssertRefused(string refusal, params string[] statements)
    {
        var before = _portal.Database.Query("SELECT count(*) || '/' || coalesce(sum(amount), 0) FROM ledger_entries").Single();
        var exception = Assert.ThrowsAny<DbException>(() => _portal.Database.Execute(statements));
        Assert.Contains(refusal, exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, _portal.Database.Query("SELECT count(*) || '/' || coalesce(sum(amount), 0) FROM ledger_entries").Single());
        return exception.Message;
    }
}

using Portal.Core;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Portal.Core.Statements;
using Xunit;

namespace Portal.Tests.Statements;

/// <summary>How people and entries are found, and along which indexes.</summary>
public sealed class PeopleSearchTests : IAsyncLifetime, IDisposable
{
    private readonly PortalOnDisk _portal = new();
    private readonly ReferrerSearch _referrers;
    private readonly ReferralSearch _referrals;
    private readonly JournalSearch _journal;

    public PeopleSearchTests() =>
        (_referrers, _referrals, _journal) = (new ReferrerSearch(_portal.Store, _portal.Ledger), new ReferralSearch(_portal.Store), new JournalSearch(_portal.Store));

    private static ReferralQuery Referrals { get; } = new() { Environment = PortalEnvironment.Sandbox };

    private static JournalQuery Journal { get; } = new() { Environment = PortalEnvironment.Sandbox };

    public async Task InitializeAsync()
    {
        await AddAsync(new NewReferrer("u-ann", "Ann.Lee@Example.com", "Ann", "Lee", "abcDEF12345"));
        await AddAsync(new NewReferrer("u-bob", "bob@example.com", "Bob", "Annable", "bobsCode"));
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await _portal.TellAsync(
            StripeSamples.Customer(), StripeSamples.InvoicePaid(),
            StripeSamples.Charge("charge.refunded", amountRefunded: 6_000, at: StripeSamples.Noon.AddDays(2)),
            StripeSamples.InvoicePaymentPaid("in_1", "pi_1", null, 12_000, "usd", StripeSamples.Noon),
            StripeSamples.Customer(customer: "cus_2", ucc: "bobsCode", newUserId: "user-2", email: "Second@Example.com"),
            StripeSamples.InvoicePaid("cus_2", "in_2", currency: "eur", paymentIntent: "pi_2", charge: "ch_2", email: null),
            StripeSamples.Customer(customer: "cus_3", ucc: null, newUserId: "user-3", email: "third@example.com"),
            StripeSamples.Customer(customer: "cus_4", ucc: "nobodysCode", newUserId: "user-4", email: null));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _portal.Dispose();

    [Theory]
    [InlineData("abcDEF", "u-ann")]
    [InlineData("abcdef", "")]
    [InlineData("u-", "u-ann u-bob")]
    [InlineData("ann.lee@", "u-ann")]
    [InlineData("ANN.LEE@example.com", "u-ann")]
    [InlineData("ann", "u-ann u-bob")]
    [InlineData("ann l", "u-ann")]
    [InlineData("lee", "u-ann")]
    [InlineData("%", "")]
    [InlineData("nobody", "")]
    public async Task A_referrer_is_found_by_the_beginning_of_code_id_address_and_names(string text, string found)
    {
        var page = await _referrers.FindAsync(new ReferrerQuery { Environment = PortalEnvironment.Sandbox, Text = text }, default);
        var listed = await _portal.Referrers.FindAsync(PortalEnvironment.Sandbox, null, null, text, 0, 50, default);

        Assert.Equal(found, string.Join(' ', page.Items.Select(r => r.ProductUserId).Order(StringComparer.Ordinal)));
        Assert.Equal(found, string.Join(' ', listed.Select(r => r.ProductUserId).Order(StringComparer.Ordinal)));
        Assert.Empty((await _referrers.FindAsync(new ReferrerQuery { Environment = PortalEnvironment.Production, Text = text }, default)).Items);
    }

    [Theory]
    [InlineData("user-1", "user-1")]
    [InlineData("user-", "user-1 user-2 user-3 user-4")]
    [InlineData("second@example.com", "user-2")]
    [InlineData("thir", "user-3")]
    [InlineData("bobsCode", "user-2")]
    [InlineData("cus_3", "user-3")]
    [InlineData("in_2", "user-2")]
    [InlineData("in_9", "")]
    public async Task A_referral_is_found_by_whatever_names_it(string text, string found) =>
        Assert.Equal(found, await FoundAsync(Referrals with { Text = text }));

    [Fact]
    public async Task Referrals_are_narrowed_by_credit_reason_and_code()
    {
        Assert.Equal("user-1 user-2", await FoundAsync(Referrals with { IsAttributed = true }));
        Assert.Equal("user-3 user-4", await FoundAsync(Referrals with { IsAttributed = false }));
        Assert.Equal("user-4", await FoundAsync(Referrals with { Reason = ReasonCodes.UnknownCode }));
        Assert.Equal("user-1", await FoundAsync(Referrals with { Ucc = "abcDEF12345" }));
        Assert.Equal("", await FoundAsync(Referrals with { Environment = PortalEnvironment.Production }));
    }

    [Fact]
    public async Task The_journal_is_narrowed_by_each_filter_and_streamed_likewise()
    {
        var all = await SetsAsync(Journal);
        Assert.Equal(3, all.Count);   // two earnings and a reversal
        Assert.Equal(2, (await SetsAsync(Journal with { Referrer = "u-ann" })).Count);
        Assert.Equal("EUR", Assert.Single(await SetsAsync(Journal with { Ucc = "bobsCode" })).Amount.Currency.Code);
        Assert.Equal("EUR", Assert.Single(await SetsAsync(Journal with { Currency = "EUR" })).Amount.Currency.Code);
        Assert.Single(await SetsAsync(Journal with { Referrer = "u-bob", CauseKind = "event", Currency = "EUR" }));
        Assert.Equal(3, (await SetsAsync(Journal with { CauseKind = "event" })).Count);
        Assert.Empty(await SetsAsync(Journal with { CauseKind = "code" }));
        Assert.Equal(2, (await SetsAsync(Journal with { RewardId = all.First(s => s.Kind == EntrySetKind.Reversed).RewardId })).Count);
        Assert.Equal(3, (await SetsAsync(Journal with { From = all[^1].PostedAt, To = all[0].PostedAt.AddMilliseconds(1) })).Count);
        Assert.Empty(await SetsAsync(Journal with { To = all[^1].PostedAt }));
        Assert.Empty(await SetsAsync(Journal with { From = all[0].PostedAt.AddMilliseconds(1) }));
        Assert.Empty(await SetsAsync(Journal with { Referrer = "u-ann", Ucc = "bobsCode" }));
        Assert.Empty(await SetsAsync(Journal with { Environment = PortalEnvironment.Production }));

        var first = await _journal.FindAsync(Journal with { Referrer = "u-ann", Limit = 1 }, default);
        var second = await _journal.FindAsync(Journal with { Referrer = "u-ann", Limit = 1, Cursor = long.Parse(first.NextCursor!, System.Globalization.CultureInfo.InvariantCulture) }, default);
        Assert.Equal((await SetsAsync(Journal with { Referrer = "u-ann" })).Select(s => s.Id), first.Items.Concat(second.Items).Select(s => s.Id));
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task A_referral_tells_its_timeline_in_order_of_occurrence()
    {
        using var db = _portal.Store.OpenRead();
        var details = new ReferralDetails(_portal.Store, TimeProvider.System);
        var id = db.Referrals.Single(r => r.NewUserId == "user-1").Id;

        var found = (await details.FindAsync(PortalEnvironment.Sandbox, id, default))!;

        Assert.Equal("cus_1", Assert.Single(found.Customers).CustomerId);
        Assert.Equal(("u-ann", "Ann Lee"), (found.Referral.Referrer, found.ReferrerName));
        Assert.Equal(found.Timeline.OrderBy(i => i.At).Select(i => i.At), found.Timeline.Select(i => i.At));
        Assert.Equal(
            ["customerSeen", "invoicePaid", "Attributed", "Posted 2000", "chargeRefunded", "Posted 1000"],
            found.Timeline.Where(i => !i.IsDetail).Select(i => i.Told?.Fact.Kind ?? (i.Set is { } set ? $"{i.Kind} {set.Amount.Minor}" : $"{i.Kind}")));
        Assert.Equal("in_1", found.Timeline.First(i => i.Told?.Fact.Kind == "invoicePaid").Payment?.ExternalId);
        Assert.Null(await details.FindAsync(PortalEnvironment.Production, id, default));
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public void People_and_entries_follow_their_indexes()
    {
        using var db = _portal.Store.OpenRead();
        const PortalEnvironment sandbox = PortalEnvironment.Sandbox;
        var ways = ReferrerWords.Ways(db, sandbox, "ann");
        var plan = new JournalPlan(null, 1, 90);
        var ofOne = plan with { ReferrerId = 1 };
        var entries = ReferrerStatement.EntriesOf(db, sandbox, 1, null, 90);
        (string Index, string Plan)[] plans =
        [
            ("IX_referral_codes_environment_code", QueryPlan.Of(ways[0].Take(9))),
            ("IX_referrers_environment_product_user_id", QueryPlan.Of(ways[1].Take(9))),
            ("IX_referrers_environment_email_lower", QueryPlan.Of(ways[2].Take(9))),
            ("IX_referrers_environment_name_lower", QueryPlan.Of(ways[3].Take(9))),
            ("IX_referrers_environment_last_name_lower", QueryPlan.Of(ways[4].Take(9))),
            ("IX_referrers_environment_id", QueryPlan.Of(ReferrerSearch.Build(db, new ReferrerQuery { Environment = sandbox, Cursor = 40 }, null).Take(9))),
            ("IX_referrals_environment_id", QueryPlan.Of(ReferralSearch.Build(db, Referrals, null).Take(9))),
            ("IX_referrals_environment_code_id", QueryPlan.Of(ReferralSearch.Build(db, Referrals with { Ucc = "x" }, null).Take(9))),
            ("IX_referrals_environment_reason_id", QueryPlan.Of(ReferralSearch.Build(db, Referrals with { IsAttributed = true }, null).Take(9))),
            ("IX_referrals_environment_reason_id", QueryPlan.Of(ReferralSearch.Build(db, Referrals with { Reason = ReasonCodes.NoCode, Cursor = 40 }, null).Take(9))),
            ("ix_referrals_not_attributed", QueryPlan.Of(ReferralSearch.Build(db, Referrals with { IsAttributed = false, Cursor = 40 }, null).Take(9))),
            ("IX_referrals_environment_referrer_id_id", QueryPlan.Of(ReferralSearch.Build(db, Referrals with { ReferrerId = 1 }, null).Take(9))),
            ("IX_referrals_environment_new_user_id", QueryPlan.Of(ReferralSearch.Beginnings(db.Referrals.Where(r => r.Environment == sandbox), "a", "a")[0].Take(9))),
            ("IX_referrals_environment_email_lower", QueryPlan.Of(ReferralSearch.Beginnings(db.Referrals.Where(r => r.Environment == sandbox), "a", "a")[1].Take(9))),
            ("IX_ledger_entry_sets_environment_id", QueryPlan.Of(JournalSearch.Build(db, Journal with { Cursor = 40 }, plan).Take(9))),
            ("IX_ledger_entry_sets_environment_currency_id", QueryPlan.Of(JournalSearch.Build(db, Journal with { Currency = "USD" }, plan).Take(9))),
            ("IX_ledger_entry_sets_environment_cause_kind_id", QueryPlan.Of(JournalSearch.Build(db, Journal with { CauseKind = "code", Cursor = 40 }, plan).Take(9))),
            ("IX_ledger_entry_sets_reward_id", QueryPlan.Of(JournalSearch.Build(db, Journal with { RewardId = 1 }, plan).Take(9))),
            ("COVERING INDEX ix_ledger_entries_statement", QueryPlan.Of(JournalSearch.Build(db, Journal with { Cursor = 40 }, ofOne).Take(9))),
            ("COVERING INDEX ix_ledger_entries_statement", QueryPlan.Of(JournalSearch.Build(db, Journal with { Ucc = "x", CauseKind = "event", Currency = "USD" }, ofOne).Take(9))),
            ("COVERING INDEX ix_ledger_entries_statement", QueryPlan.Of(ReferrerStatement.Build(entries, 40, Core.Data.PageDirection.Older).Take(9))),
            ("COVERING INDEX ix_ledger_entries_statement", QueryPlan.Of(ReferrerStatement.Build(entries, 40, Core.Data.PageDirection.Newer).Take(9))),
        ];
        Assert.All(plans, p =>
        {
            Assert.Contains(p.Index, p.Plan, StringComparison.Ordinal);
            Assert.DoesNotContain("SCAN", p.Plan, StringComparison.Ordinal);
            Assert.DoesNotContain("TEMP B-TREE", p.Plan, StringComparison.Ordinal);
        });
        Assert.Contains("COVERING INDEX ix_ledger_entries_statement", QueryPlan.Of(ReferrerStatement.Sums(entries)), StringComparison.Ordinal);   // sorts a handful of currencies
        Assert.Contains("IX_review_cases_referral_id", QueryPlan.Of(db.ReviewCases.Where(c => c.ReferralId == 1)), StringComparison.Ordinal);
    }

    private async Task AddAsync(NewReferrer referrer) =>
        Assert.True((await _portal.Referrers.AddAsync(PortalEnvironment.Sandbox, referrer, PortalOnDisk.Tester, default)).TryGet(out _, out _));

    private async Task<string> FoundAsync(ReferralQuery query) =>
        string.Join(' ', (await _referrals.FindAsync(query, default)).Items.Select(r => r.NewUserId).Order(StringComparer.Ordinal));

    private async Task<List<EntrySetRow>> SetsAsync(JournalQuery query)
    {
        var page = (await _journal.FindAsync(query, default)).Items.ToList();
        var streamed = new List<EntrySetRow>();
        await foreach (var portion in _journal.StreamAsync(query, default)) streamed.AddRange(portion);
        Assert.Equal(page.Select(s => s.Id), streamed.Select(s => s.Id).Reverse());
        Assert.All(page, s => Assert.Equal(0, s.Lines.Sum(l => l.Amount.Minor)));
        return page;
    }
}

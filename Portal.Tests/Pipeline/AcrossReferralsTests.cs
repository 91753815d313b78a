using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Campaigns;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Pipeline;

/// <summary>Rules that look beyond one referral, on a real file: whichever event comes last, all that depend on it are put right.</summary>
public sealed class AcrossReferralsTests
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private static readonly DateTimeOffset Day = StripeSamples.Noon;

    [Fact]
    public async Task Shares_by_the_number_of_paying_referrals_and_a_limit_per_referrer_come_out_the_same_in_every_order()
    {
        var rules = PortalOnDisk.TwentyPercent with
        {
            Rules = [new RuleDocument { Kind = "purchase", PercentTiers = new TiersDocument { By = "referral", Steps = [new StepDocument { From = 1, Percent = "10" }, new StepDocument { From = 3, Percent = "20" }] } }],
            CapPerReferrer = new PeriodCapDocument { Amount = 8_500, Currency = "USD", Period = "year" },
        };
        // Five newcomers pay 120.00 one after the other, a day apart, and again a month later; the second gets everything back.
        var events = Enumerable.Range(0, 5).SelectMany(i => new[]
        {
            StripeSamples.Customer(customer: $"cus_{i}", ucc: SmallWorld.Ann, newUserId: $"user-{i}", at: Day.AddDays(i)),
            Invoice(i, "a", Day.AddDays(i)), Invoice(i, "b", Day.AddDays(30 + i)),
        }).Append(StripeSamples.InvoicePaymentPaid("in_1a", "pi_1a", null, 12_000, "usd", Day.AddDays(1)))
          .Append(StripeSamples.Charge("charge.refunded", "ch_1a", "cus_1", null, "pi_1a", 12_000, 12_000, "usd", chargedAt: Day.AddDays(1), at: Day.AddDays(9), shape: StripeShape.Basil)).ToList();

        LedgerHash? hash = null;
        foreach (var seed in Enumerable.Range(0, 4))
        {
            var random = new Random(seed);
            using var portal = new PortalOnDisk();
            await portal.ReferrerAsync(SmallWorld.Ann, "ann");
            await portal.RevisionAsync(rules);
            foreach (var batch in events.OrderBy(_ => seed == 0 ? 0 : random.Next()).Chunk(seed == 1 ? 100 : 3)) await portal.TellAsync(batch);

            // 10 + 10 (given back) + 20 + 20 + 20 USD, then five times 20: with 85 in all the sixth fits by 15 of its 20.
            var balance = Assert.Single(await portal.Ledger.BalancesAsync(Sandbox, default));
            Assert.Equal((9_500L, 1_000L, 8_500L), (balance.Earned, balance.Reversed, balance.Net));
            var now = await portal.Ledger.HashAsync(Sandbox, default);
            Assert.Equal(hash ??= now, now);
            Assert.Equal(0, await portal.Refold.PendingAsync(Sandbox, default));
        }

        static string Invoice(int i, string name, DateTimeOffset at) => StripeSamples.InvoicePaid($"cus_{i}", $"in_{i}{name}", paidAt: at, at: at, paymentIntent: $"pi_{i}{name}", charge: $"ch_{i}{name}");
    }

    [Fact]
    public async Task An_organisation_becomes_one_referral_when_its_code_comes_and_nothing_is_earned_twice()
    {
        using var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.ReferrerAsync(SmallWorld.Bo, "bo");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent with { RewardOrganizations = true, CapPerReferral = new MoneyDocument { Amount = 3_500, Currency = "USD" } });
        await portal.TellAsync(
            StripeSamples.Customer(customer: "cus_2", ucc: null, newUserId: "user-2", organization: "acme", at: Day.AddDays(1)), StripeSamples.InvoicePaid("cus_2", "in_2", paidAt: Day.AddDays(1)),
            StripeSamples.Customer(customer: "cus_3", ucc: SmallWorld.Ann, newUserId: "user-3", at: Day.AddDays(1)), StripeSamples.InvoicePaid("cus_3", "in_3", paidAt: Day.AddDays(1)));
        Assert.Equal(["ann USD 2000 0"], SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));

        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, organization: "acme", at: Day), StripeSamples.InvoicePaid(paidAt: Day));

        Assert.Equal(["ann USD 5500 0"], SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));   // 20 and 15 of acme, 20 of user-3
        await using var db = portal.Store.OpenRead();
        var acme = await db.Referrals.SingleAsync(r => r.IdentityKind == IdentityKind.Organization);
        Assert.Equal(("acme", SmallWorld.Ann), (acme.NewUserId, acme.Code));
        Assert.Equal(["cus_1", "cus_2"], await db.Customers.Where(c => c.IdentityKey == "organization:acme").Select(c => c.CustomerId).Order().ToListAsync());
    }

    [Fact]
    public async Task A_referrer_who_turns_out_to_be_a_colleague_is_asked_about_whichever_is_known_first()
    {
        using var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, organization: "acme"), StripeSamples.InvoicePaid());
        Assert.Equal(0, await CasesAsync());

        await portal.TellAsync(StripeSamples.Customer(customer: "cus_9", ucc: null, newUserId: "ann", organization: "acme", email: "ann@example.com", at: Day.AddDays(3)));

        Assert.Equal(1, await CasesAsync());
        var balance = Assert.Single(await portal.Ledger.BalancesAsync(Sandbox, default));
        Assert.Equal((2_000L, 2_000L, 0L), (balance.Earned, balance.Pending, balance.Payable));

        async Task<int> CasesAsync()
        {
            await using var db = portal.Store.OpenRead();
            return await db.ReviewCases.CountAsync(c => c.Kind == ReviewKinds.SelfReferral && c.SettledAt == null);
        }
    }

    [Fact]
    public async Task A_referrers_address_that_becomes_known_later_counts_too()
    {
        using var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());

        await portal.Referrers.AddAsync(Sandbox, new NewReferrer("ann", "New.User+1@example.com", null, null, SmallWorld.Ann), PortalOnDisk.Tester, default);
        await portal.DrainAsync();

        await using var db = portal.Store.OpenRead();
        Assert.Equal(ReviewKinds.SelfReferral, (await db.ReviewCases.SingleAsync()).Kind);
    }

    [Fact]
    public async Task Two_newcomers_whose_signups_need_a_rate_are_two_cases()
    {
        using var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent with
        {
            Rules = [new RuleDocument { Kind = "signup", Flat = new MoneyDocument { Amount = 700, Currency = "EUR" } }],
            CapPerReferral = new MoneyDocument { Amount = 10_000, Currency = "USD" },
        });

        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann));
        await portal.TellAsync(StripeSamples.Customer(customer: "cus_2", ucc: SmallWorld.Ann, newUserId: "user-2"));

        await using var db = portal.Store.OpenRead();
        Assert.Equal(2, await db.ReviewCases.CountAsync(c => c.Kind == ReviewKinds.NoRate && c.SettledAt == null));
        Assert.Equal(["ann EUR 1400 0"], SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
    }

    [Fact]
    public async Task A_referrer_who_turns_out_to_be_no_colleague_is_no_longer_asked_about()
    {
        using var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, organization: "acme"), StripeSamples.InvoicePaid());
        await portal.TellAsync(StripeSamples.Customer("customer.updated", "cus_9", null, "ann", "acme", "ann@example.com", at: Day.AddDays(3)));

        await portal.TellAsync(StripeSamples.Customer(customer: "cus_9", ucc: null, newUserId: "carol", organization: "acme", email: "carol@example.com", at: Day.AddDays(1)));

        await using var db = portal.Store.OpenRead();
        Assert.False(await db.ReviewCases.AnyAsync(c => c.Kind == ReviewKinds.SelfReferral && c.SettledAt == null));
        Assert.All(await db.Rewards.ToListAsync(), r => Assert.Null(r.WaitsFor));
    }

    [Fact]
    public async Task A_revision_that_rewards_organisations_finds_those_without_a_user_too()
    {
        using var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: null, organization: "acme"), StripeSamples.InvoicePaid());
        Assert.Empty(await portal.Ledger.BalancesAsync(Sandbox, default));

        await portal.RevisionAsync(PortalOnDisk.TwentyPercent with { RewardOrganizations = true, Rebind = true });
        await portal.DrainAsync();

        Assert.Equal(["ann USD 2000 0"], SmallWorld.Actual(await portal.Ledger.BalancesAsync(Sandbox, default)));
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Erasure;
using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Retention;
using Portal.Core.Reviews;
using Portal.Core.Sqlite;
using Xunit;

namespace Portal.Tests.Erasure;

/// <summary>A person is erased: nothing personal is left anywhere, nothing comes back, and the ledger is the same to the byte.</summary>
[Trait("Database", "Sqlite")]
public sealed class ErasureTests : IDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private const string Address = "jane.quillfeather@mail.example";
    private const string Name = "Jane Quillfeather";

    private static readonly DateTimeOffset Later = StripeSamples.Noon.AddDays(40);

    private readonly PortalOnDisk _portal = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-erasure-").FullName;

    [Fact]
    public async Task Nothing_of_an_erased_person_is_left_on_disk_nor_in_a_new_backup_and_the_ledger_is_the_same()
    {
        await StoryAsync();
        _portal.Intake.Refuse(new RefusedDelivery { Environment = Sandbox, Source = "stripe", ReceivedAt = Later, Body = System.Text.Encoding.UTF8.GetBytes(StripeSamples.Customer(email: Address)), BodyLength = 500, ReasonCode = "noMatch", Reason = "No secret fits." });
        await _portal.Store.WriteAsync(_ => { }, default);
        var (hash, balances) = (await _portal.Ledger.HashAsync(Sandbox, default), await _portal.Ledger.BalancesAsync(Sandbox, null, default));
        Assert.True(await FindsAsync(Address) && await FindsAsync("Quillfeather"));

        var tried = await EraseAsync(new ErasureRequest(null, "jane", null, null, null));
        Assert.Equal((false, 1, 2), (tried.IsDone, tried.Customers, tried.Snapshots));
        Assert.True(await FindsAsync(Address));   // only tried
        var done = await EraseAsync(Jane);
        Assert.Equal(tried with { IsDone = true, SharedWith = done.SharedWith, Left = done.Left, Failed = done.Failed }, done);
        Assert.Equal((1, 5), (done.Refused, done.Payloads));

        foreach (var text in new[] { Address, "Quillfeather", "jane.quill" }) Assert.False(await FindsAsync(text), text);
        await SqliteBackup.MakeAsync(_portal.DatabasePath, _directory, default);
        Assert.False(Disk.Holds(_directory, "Quillfeather") || Disk.Holds(_directory, Address));
        Assert.Equal(hash, await _portal.Ledger.HashAsync(Sandbox, default));
        Assert.Equal(balances, await _portal.Ledger.BalancesAsync(Sandbox, null, default));
        await AssertRebuildsAsync(hash.Hash);

        Assert.Empty((await new EventSearch(_portal.Store).FindAsync(new EventQuery { Environment = Sandbox, Text = Address }, default)).Items);
        Assert.Empty((await new ReferralSearch(_portal.Store).FindAsync(new ReferralQuery { Environment = Sandbox, Text = Address }, default)).Items);
        await using var db = _portal.Store.OpenRead();
        var entry = await db.AuditLog.SingleAsync(a => a.Action == "person.erased");
        Assert.Equal("user:jane", entry.Target);
    }

    [Fact]
    public async Task Later_events_of_an_erased_person_bring_nothing_back()
    {
        await StoryAsync();
        var before = await _portal.Ledger.HashAsync(Sandbox, default);
        await EraseAsync(Jane);
        await _portal.TellAsync(
            StripeSamples.Customer("customer.updated", "cus_jane", SmallWorld.Ann, "jane", email: "jane@new.example", name: "Jane Q. Newname", at: Later),
            StripeSamples.InvoicePaid("cus_jane", "in_later", paidAt: Later, at: Later, email: Address.ToUpperInvariant(), paymentIntent: "pi_later", charge: "ch_later"),
            StripeSamples.Event("charge.failed", new System.Text.Json.Nodes.JsonObject { ["id"] = "ch_x", ["billing_details"] = new System.Text.Json.Nodes.JsonObject { ["email"] = Address, ["name"] = Name } }, Later, "evt_x", StripeShape.Basil));
        await _portal.Store.ForgetAsync(default);

        foreach (var text in new[] { Address, Address.ToUpperInvariant(), "Quillfeather", "jane@new.example", "Newname" }) Assert.False(await FindsAsync(text), text);
        var after = await _portal.Ledger.HashAsync(Sandbox, default);
        Assert.NotEqual(before.Hash, after.Hash);   // the new payment counts all the same
        await AssertRebuildsAsync(after.Hash);
        await using var db = _portal.Store.OpenRead();
        Assert.Equal(3, await db.Events.CountAsync(e => e.OccurredAt >= Later && e.PayloadRemoval == PayloadRemoval.Erasure));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_self_referral_found_by_the_address_stays_as_it_was_decided(bool byTheReferrer)
    {
        await SelfReferralAsync();
        var review = Assert.Single(await CasesAsync());
        Assert.Equal(ReviewKinds.SelfReferral, review.Kind);
        Assert.True((await _portal.Desk.DecideAsync(Sandbox, review.Id, new NewDecision(ReviewKinds.Reject, "Looks like one person.", null), PortalOnDisk.Tester, default)).TryGet(out _, out var problem), problem?.Detail);
        await _portal.DrainAsync();
        var hash = await _portal.Ledger.HashAsync(Sandbox, default);

        var done = await EraseAsync(byTheReferrer ? Jane with { NewUserId = null, ProductUserId = "jane-refers" } : Jane);
        Assert.Equal([byTheReferrer ? "customer cus_jane" : "referrer jane-refers"], done.SharedWith);
        Assert.Equal(hash, await _portal.Ledger.HashAsync(Sandbox, default));
        await AssertRebuildsAsync(hash.Hash);
        Assert.False(await FindsAsync("quillfeather"));

        // Whatever folds it again comes to the same, and a new payment of the same person waits for nobody.
        await _portal.TellAsync(StripeSamples.InvoicePaid("cus_jane", "in_9", paidAt: Later, at: Later, email: null, paymentIntent: "pi_9", charge: "ch_9"));
        Assert.Equal(hash, await _portal.Ledger.HashAsync(Sandbox, default));
        Assert.NotNull(Assert.Single(await CasesAsync()).SettledAt);
    }

    [Fact]
    public async Task One_who_comes_back_under_an_erased_address_is_still_found_to_refer_himself()
    {
        await SelfReferralAsync();
        await EraseAsync(Jane with { NewUserId = null, ProductUserId = "jane-refers" });
        await _portal.TellAsync(StripeSamples.Customer(customer: "cus_again", ucc: SmallWorld.Bo, newUserId: "again", email: "Jane.Quillfeather+2@mail.example", name: null, at: Later, created: Later));
        Assert.Equal(2, (await CasesAsync()).Count);
        await _portal.Store.ForgetAsync(default);
        Assert.False(await FindsAsync("Quillfeather"));

        await _portal.ReferrerAsync(SmallWorld.Bo, "jane-refers", email: Address);
        await using var db = _portal.Store.OpenRead();
        Assert.Null((await db.Referrers.SingleAsync(r => r.ProductUserId == "jane-refers")).Email);
    }

    [Fact]
    public async Task Others_who_share_an_address_lose_it_and_nothing_else()
    {
        await StoryAsync();
        await _portal.TellAsync(StripeSamples.Customer(customer: "cus_flat", ucc: SmallWorld.Ann, newUserId: "flatmate", email: Address, name: "Bob Flatmate"));
        var done = await EraseAsync(Jane);
        Assert.Equal(["customer cus_flat"], done.SharedWith);
        await using var db = _portal.Store.OpenRead();
        var flatmate = await db.Customers.SingleAsync(c => c.CustomerId == "cus_flat");
        Assert.Equal((null, "Bob Flatmate"), (flatmate.Email, flatmate.Name));
        await AssertRebuildsAsync((await _portal.Ledger.HashAsync(Sandbox, default)).Hash);
    }

    [Fact]
    public async Task Erasing_after_the_payloads_went_leaves_a_history_that_rebuilds()
    {
        var clock = new TestClock();
        await StoryAsync();
        clock.Pass(TimeSpan.FromDays(401));
        await new PayloadRetention(_portal.Store, clock).RunAsync(400, default);
        var hash = await _portal.Ledger.HashAsync(Sandbox, default);
        Assert.Equal(0, (await EraseAsync(Jane)).Payloads);
        await AssertRebuildsAsync(hash.Hash);
        Assert.False(await FindsAsync("quillfeather"));
    }

    [Fact]
    public async Task What_was_read_before_an_erasure_is_not_written_after_it()
    {
        await StoryAsync();
        await using var db = _portal.Store.OpenRead();
        var customer = new CustomerKey("stripe", "cus_jane");
        var book = await new ReferralBookLoader(db, Sandbox).LoadAsync([], [customer], default);
        book.Fold([customer], new Core.Ledger.Cause("code", SmallWorld.Ann));
        await EraseAsync(Jane);
        await Assert.ThrowsAsync<ErasedMeanwhileException>(() => _portal.Store.WriteAsync(write => ReferralBookWriter.Save(book, write, Later), default));
    }

    [Fact]
    public async Task A_request_that_names_nobody_or_names_the_person_is_refused()
    {
        await StoryAsync();
        foreach (var (request, code) in new[]
        {
            (Jane with { NewUserId = "nobody" }, "unknownPerson"),
            (Jane with { CustomerId = "cus_jane" }, "invalidField"),
            (Jane with { NewUserId = null }, "invalidField"),
            (Jane with { Reason = " " }, "invalidField"),
            (Jane with { Reason = $"{Name} asked for it" }, "invalidField"),
        })
        {
            Assert.False((await Eraser.RunAsync(Sandbox, request, PortalOnDisk.Tester, default)).TryGet(out _, out var problem));
            Assert.Equal(code, problem!.Code);
        }
        Assert.False((await Eraser.RunAsync(PortalEnvironment.Production, Jane, PortalOnDisk.Tester, default)).TryGet(out _, out _));   // Sandbox's people are Sandbox's
        Assert.True(await FindsAsync(Address));
    }

    [Fact]
    public async Task Events_that_failed_keep_their_payload_until_somebody_says_that_they_too_may_go()
    {
        await StoryAsync();
        await _portal.DeliverAsync(StripeSamples.InvoicePaid("cus_jane", "in_lost", eventId: "evt_lost", email: Address));
        await _portal.Store.WriteAsync(db => db.Events.Where(e => e.State == EventState.Pending).ExecuteUpdate(set => set.SetProperty(e => e.State, EventState.Failed)), default);

        Assert.Equal(["evt_lost"], (await EraseAsync(Jane with { DryRun = true })).Failed);
        Assert.False((await Eraser.RunAsync(Sandbox, Jane, PortalOnDisk.Tester, default)).TryGet(out _, out var problem));
        Assert.Equal(("eventsFailed", ProblemKind.Conflict), (problem!.Code, problem.Kind));
        Assert.Contains("evt_lost", problem.Detail, StringComparison.Ordinal);
        Assert.True(await FindsAsync(Address));

        await EraseAsync(Jane with { EvenFailed = true });
        Assert.False(await FindsAsync(Address));
    }

    public void Dispose()
    {
        _portal.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static ErasureRequest Jane => new(null, "jane", null, "Request 4711", false);

    private PersonEraser Eraser => new(_portal.Store, _portal.Changes, TimeProvider.System);

    private async Task<ErasureReport> EraseAsync(ErasureRequest request) =>
        (await Eraser.RunAsync(Sandbox, request, PortalOnDisk.Tester, default)).TryGet(out var report, out var problem) ? report : throw new InvalidOperationException(problem.Detail);

    private async Task<bool> FindsAsync(string text)
    {
        await _portal.Store.WriteAsync(_ => { }, default);
        return Disk.Holds(Path.GetDirectoryName(_portal.DatabasePath)!, text);
    }

    private async Task<List<ReviewCase>> CasesAsync()
    {
        await using var db = _portal.Store.OpenRead();
        return await db.ReviewCases.OrderBy(c => c.Id).ToListAsync();
    }

    private async Task AssertRebuildsAsync(string hash)
    {
        var rebuilt = await _portal.RebuildAsync();
        Assert.Empty(rebuilt.Differences);
        Assert.Equal((hash, hash, 0), (rebuilt.Hash, rebuilt.StoredHash, rebuilt.Reworded));
    }

    /// <summary>Jane came by Ann's code and paid; many others around her, so that her rows move about between pages.</summary>
    private async Task StoryAsync()
    {
        await _portal.ReferrerAsync(SmallWorld.Ann, "ann", email: "ann@example.com");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await CrowdAsync(0);
        await _portal.TellAsync(
            StripeSamples.Customer(customer: "cus_jane", ucc: SmallWorld.Ann, newUserId: "jane", email: "Jane.Quillfeather@mail.example", name: Name),
            StripeSamples.InvoicePaid("cus_jane", "in_jane", email: Address, paymentIntent: "pi_jane", charge: "ch_jane"),
            StripeSamples.Charge(charge: "ch_jane", customer: null, invoice: null, paymentIntent: "pi_jane"),
            StripeSamples.InvoicePaymentPaid("in_jane", "pi_jane"));
        await CrowdAsync(300);
        await _portal.TellAsync(StripeSamples.Customer("customer.updated", "cus_jane", SmallWorld.Ann, "jane", email: Address, name: Name, at: StripeSamples.Noon.AddDays(3)));
        await CrowdAsync(600);
    }

    private Task CrowdAsync(int from) => _portal.TellAsync(Enumerable.Range(from, 100).SelectMany(i => new[]
    {
        StripeSamples.Customer(customer: $"cus_{i}", ucc: SmallWorld.Ann, newUserId: $"user-{i}", email: $"user{i}@example.com", name: $"User {i}"),
        StripeSamples.InvoicePaid($"cus_{i}", $"in_{i}", email: $"user{i}@example.com", paymentIntent: $"pi_{i}", charge: $"ch_{i}"),
    }));

    private async Task SelfReferralAsync()
    {
        await _portal.ReferrerAsync(SmallWorld.Bo, "jane-refers", email: Address);
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await _portal.TellAsync(
            StripeSamples.Customer(customer: "cus_jane", ucc: SmallWorld.Bo, newUserId: "jane", email: "jane.quillfeather+shop@mail.example", name: null),
            StripeSamples.InvoicePaid("cus_jane", "in_jane", email: null, paymentIntent: "pi_jane", charge: "ch_jane"));
    }
}

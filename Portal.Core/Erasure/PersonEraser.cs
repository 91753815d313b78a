using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Rebuild;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Core.Erasure;

/// <summary>Whom to erase: by one of the three ids.</summary>
/// <param name="ProductUserId">The product's id of a user who refers.</param>
/// <param name="NewUserId">The product's id of a user, or organisation, who was referred.</param>
/// <param name="CustomerId">The provider's id of a customer.</param>
/// <param name="Reason">Why, in words that do not name the person.</param>
/// <param name="DryRun">Whether only to say what would go.</param>
/// <param name="EvenFailed">Whether to go on although events of the person have failed: without their payloads they can never be processed.</param>
public sealed record ErasureRequest(string? ProductUserId, string? NewUserId, string? CustomerId, string? Reason, bool? DryRun, bool? EvenFailed = null);

/// <summary>What goes, or went.</summary>
/// <param name="Subject">Whose, by an opaque id.</param>
/// <param name="Referrers">Referrers who lose name and address.</param>
/// <param name="Customers">Customers who lose name and address.</param>
/// <param name="Snapshots">Facts about these customers that lose them.</param>
/// <param name="Events">Events that lose the address.</param>
/// <param name="Payloads">Payloads that are removed.</param>
/// <param name="Refused">Refused requests that name the person and are removed.</param>
/// <param name="Texts">Explanations, cases and results of rebuilds that say "(erased)" instead.</param>
/// <param name="SharedWith">Others who share an address and lose it, by their opaque ids.</param>
/// <param name="Left">What cannot be changed and names the person, such as the reason of a decision.</param>
public sealed record ErasureReport(
    string Subject, int Referrers, int Customers, int Snapshots, int Events, int Payloads, int Refused, int Texts, IReadOnlyList<string> SharedWith, IReadOnlyList<string> Left)
{
    /// <summary>Events of the person that have failed, by the provider's ids: once their payloads are gone, they can never be processed.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];

    /// <summary>Whether it was done, or only tried.</summary>
    public bool IsDone { get; init; }
}

/// <summary>
/// Takes name and address of a person out of everything that is stored, and sees to it that they do not come back. Opaque ids, amounts and
/// the ledger stay; what was judged by an address stays as it was judged (docs/decisions/0052-erasure.md).
/// </summary>
public sealed class PersonEraser(PortalStore store, ChangeFeed changes, TimeProvider clock)
{
    private const int LongestReason = 500;

    /// <summary>Says what would go, or takes it away.</summary>
    public async Task<Outcome<ErasureReport>> RunAsync(PortalEnvironment environment, ErasureRequest request, Actor actor, CancellationToken ct)
    {
        if (Check(request) is { } problem) return problem;
        var (userId, customerId) = (request.ProductUserId ?? request.NewUserId, request.CustomerId);
        List<long> refused;
        await using (var db = await store.OpenSnapshotAsync(ct))
        {
            var traces = PersonTraces.Find(db, environment, userId, customerId);
            if (traces.IsNobody) return new Problem("unknownPerson", $"There is nobody by this id in {environment.Slug()}.", Kind: ProblemKind.Missing);
            if (new Scrubber([.. traces.Addresses, .. traces.Names]).Finds(request.Reason ?? ""))
                return new Problem("invalidField", "reason must not name the person: it is kept. A ticket's number serves.", "reason");
            refused = Refused(db, environment, traces);
            if (request.DryRun != false) return Report(db, environment, traces, refused.Count);
        }

        var erased = await store.WriteAsync<Outcome<ErasureReport>>(db =>
        {
            var now = clock.GetUtcNow();
            var traces = PersonTraces.Find(db, environment, userId, customerId);
            if (request.EvenFailed != true && traces.Failed is { Count: > 0 } failed) return FailedFirst(failed);
            var report = Report(db, environment, traces, refused.Count) with { IsDone = true };
            Erase(db, environment, traces, refused, now);
            db.Erasures.Add(new ErasureRecord { Environment = environment, Subject = traces.Subject, Reason = request.Reason!, ErasedAt = now, ErasedBy = actor.Name });
            db.Audit(actor, now, environment, "person.erased", traces.Subject, after: $"{report.Referrers} referrers, {report.Customers} customers, {report.Payloads} payloads; {request.Reason}");
            return report;
        }, ct);
        if (!erased.TryGet(out _, out _)) return erased;
        await store.ForgetAsync(ct);
        changes.Publish(environment);
        return erased;
    }

    private static Problem? Check(ErasureRequest request)
    {
        var ids = new[] { request.ProductUserId, request.NewUserId, request.CustomerId };
        if (ids.Count(id => !string.IsNullOrWhiteSpace(id)) != 1) return new Problem("invalidField", "Name exactly one of productUserId, newUserId and customerId.", "productUserId");
        if (request.DryRun != false) return null;
        return request.Reason?.Trim() is { Length: > 0 and <= LongestReason } ? null : new Problem("invalidField", $"reason is required: 1 to {LongestReason} characters that do not name the person.", "reason");
    }

    private static Problem FailedFirst(List<string> failed) => new("eventsFailed",
        $"{failed.Count} of the person's events have failed ({string.Join(", ", failed.Take(5))}{(failed.Count > 5 ? ", …" : "")}), and without their payloads they can never be processed. Resend them first, or say evenFailed: true.",
        "evenFailed", ProblemKind.Conflict);

    private static void Erase(PortalDb db, PortalEnvironment environment, PersonTraces traces, List<long> refused, DateTimeOffset now)
    {
        var digest = AddressDigest.Ensure(db);
        Mark(db, environment, ErasedKind.Address, traces.Addresses.Select(digest.Of));
        Mark(db, environment, ErasedKind.Customer, traces.Customers.Select(c => ErasedPeople.MarkOf(c.Scope, c.CustomerId)));
        foreach (var referrer in traces.Referrers.Concat(traces.OtherReferrers))
        {
            var isOwn = traces.Referrers.Contains(referrer);
            var (mark, erasedAt) = (referrer.Email is { } email ? digest.Of(email) : referrer.AddressMark, isOwn ? now : referrer.ErasedAt);
            var (first, last) = isOwn || traces.Names.Contains($"{referrer.FirstName} {referrer.LastName}".Trim()) ? (null, null) : (referrer.FirstName, referrer.LastName);
            db.Referrers.Where(r => r.Id == referrer.Id).ExecuteUpdate(set => set.SetProperty(r => r.Email, (string?)null).SetProperty(r => r.FirstName, first).SetProperty(r => r.LastName, last)
                .SetProperty(r => r.AddressMark, mark).SetProperty(r => r.ErasedAt, erasedAt));
        }
        var own = traces.Referrers.ConvertAll(r => r.Id);
        db.Referrers.Where(r => own.Contains(r.Id)).ExecuteUpdate(set => set.SetProperty(r => r.LandingPage, (string?)null));   // it may be the person's own site
        db.PayoutDetails.Where(d => own.Contains(d.ReferrerId)).ExecuteDelete();
        EraseSnapshots(db, traces, digest);
        foreach (var customer in traces.Customers.Concat(traces.OtherCustomers))
        {
            var isOwn = traces.Customers.Contains(customer);
            var (email, name) = (isOwn || traces.HasAddress(customer.Email) ? null : customer.Email, isOwn || traces.Names.Contains(customer.Name ?? "") ? null : customer.Name);
            db.Customers.Where(c => c.Id == customer.Id).ExecuteUpdate(set => set.SetProperty(c => c.Email, email).SetProperty(c => c.Name, name));
        }
        var referrals = traces.Referrals.Where(r => traces.HasAddress(r.Email)).Select(r => r.Id).ToList();
        db.Referrals.Where(r => referrals.Contains(r.Id)).ExecuteUpdate(set => set.SetProperty(r => r.Email, (string?)null));
        foreach (var some in traces.Events.Where(e => IsPersonal(traces, e)).Select(e => e.Id).Chunk(500))
            db.Events.Where(e => some.Contains(e.Id)).ExecuteUpdate(set => set.SetProperty(e => e.Email, (string?)null));
        // What is to be processed yet keeps its payload until then: the pipeline knows the marks.
        foreach (var some in traces.Events.Where(e => e.State != EventState.Pending).Chunk(500)) Payloads.Remove(db, some, PayloadRemoval.Erasure, now);
        foreach (var some in refused.Chunk(500)) db.Deliveries.Where(d => some.Contains(d.Id) && d.Outcome == DeliveryOutcome.Rejected).ExecuteDelete();
        EraseTexts(db, environment, traces, isWritten: true);
    }

    private static bool IsPersonal(PersonTraces traces, InboundEvent e) =>
        e.Email is not null && (traces.HasAddress(e.Email) || traces.Customers.Exists(c => c.Scope == e.Scope && c.CustomerId == e.CustomerId));

    private static void EraseSnapshots(PortalDb db, PersonTraces traces, AddressDigest digest)
    {
        foreach (var fact in traces.Facts)
        {
            var told = fact.Told();
            var seen = (CustomerSeen)told.Fact;
            var without = traces.IsOwn(fact) ? ErasedPeople.Without(seen, digest)
                : seen with
                {
                    Email = traces.HasAddress(seen.Email) ? null : seen.Email,
                    AddressMark = traces.HasAddress(seen.Email) ? digest.Of(seen.Email!) : seen.AddressMark,
                    Name = traces.Names.Contains(seen.Name ?? "") ? null : seen.Name,
                };
            if (without == seen) continue;
            fact.Retell(told with { Fact = without });
            db.Update(fact);
        }
        db.SaveChanges();   // what stands in for removed payloads is reckoned from the facts as they are now
    }

    private static void Mark(PortalDb db, PortalEnvironment environment, ErasedKind kind, IEnumerable<string> values)
    {
        var wanted = values.Distinct().ToList();
        var there = db.ErasedMarks.AsNoTracking().Where(m => m.Environment == environment && m.Kind == kind && wanted.Contains(m.Value)).Select(m => m.Value).ToList();
        db.ErasedMarks.AddRange(wanted.Except(there).Select(v => new ErasedMark { Environment = environment, Kind = kind, Value = v }));
    }

    /// <summary>Texts that were written while the address was known.</summary>
    /// <returns>How many name it.</returns>
    private static int EraseTexts(PortalDb db, PortalEnvironment environment, PersonTraces traces, bool isWritten)
    {
        var scrub = new Scrubber(traces.Addresses);
        var (referrals, customers) = (traces.Referrals.ConvertAll(r => (long?)r.Id), traces.Customers.Concat(traces.OtherCustomers).Select(c => c.CustomerId).ToList());
        var found = 0;
        foreach (var reward in db.Rewards.AsNoTracking().Where(r => referrals.Contains(r.ReferralId)).Select(r => new { r.Id, r.Explanation }).ToList().Where(r => scrub.FindsInJson(r.Explanation)))
        {
            found++;
            var clean = scrub.CleanJson(reward.Explanation);
            if (isWritten) db.Rewards.Where(r => r.Id == reward.Id).ExecuteUpdate(set => set.SetProperty(r => r.Explanation, clean));
        }
        foreach (var payment in db.Transactions.AsNoTracking().Where(t => t.Environment == environment && customers.Contains(t.CustomerId!)).Select(t => new { t.Id, t.Explanation }).ToList().Where(t => scrub.FindsInJson(t.Explanation)))
        {
            found++;
            var clean = scrub.CleanJson(payment.Explanation);
            if (isWritten) db.Transactions.Where(t => t.Id == payment.Id).ExecuteUpdate(set => set.SetProperty(t => t.Explanation, clean));
        }
        foreach (var review in CasesOf(db, environment, referrals, customers).Where(c => scrub.Finds(c.Question) || scrub.FindsInJson(c.EvidenceJson) || scrub.FindsInJson(c.ChoicesJson)))
        {
            found++;
            var (question, evidence, choices) = (scrub.Clean(review.Question), scrub.CleanJson(review.EvidenceJson), scrub.CleanJson(review.ChoicesJson));
            if (isWritten) db.ReviewCases.Where(c => c.Id == review.Id).ExecuteUpdate(set => set.SetProperty(c => c.Question, question).SetProperty(c => c.EvidenceJson, evidence).SetProperty(c => c.ChoicesJson, choices));
        }
        var reports = new Scrubber([.. traces.Addresses, .. traces.Names]);
        foreach (var run in db.RebuildRuns.AsNoTracking().Where(r => r.Environment == environment && r.ReportJson != null).Select(r => new { r.Id, r.ReportJson }).AsEnumerable().Where(r => reports.FindsInJson(r.ReportJson!)).ToList())
        {
            found++;
            var clean = reports.CleanJson(run.ReportJson!);
            if (isWritten) db.RebuildRuns.Where(r => r.Id == run.Id).ExecuteUpdate(set => set.SetProperty(r => r.ReportJson, clean));
        }
        return found;
    }

    private static List<ReviewCase> CasesOf(PortalDb db, PortalEnvironment environment, List<long?> referrals, List<string> customers) =>
        db.ReviewCases.AsNoTracking().Where(c => c.Environment == environment && (referrals.Contains(c.ReferralId) || customers.Contains(c.CustomerId!))).ToList();

    private static ErasureReport Report(PortalDb db, PortalEnvironment environment, PersonTraces traces, int refused)
    {
        var customers = traces.Customers.Concat(traces.OtherCustomers).Select(c => c.CustomerId).ToList();
        var cases = CasesOf(db, environment, traces.Referrals.ConvertAll(r => (long?)r.Id), customers).ConvertAll(c => c.Key);
        var names = new Scrubber([.. traces.Addresses, .. traces.Names]);
        var left = db.ReviewDecisions.AsNoTracking().Where(d => d.Environment == environment && cases.Contains(d.CaseKey)).ToList().Where(d => names.Finds(d.Reason)).Select(d => $"the reason of decision {d.Id}");
        return new ErasureReport(traces.Subject, traces.Referrers.Count, traces.Customers.Count, traces.Facts.Count, traces.Events.Count(e => IsPersonal(traces, e)),
            traces.Events.Count(e => e.PayloadRemovedAt is null), refused, EraseTexts(db, environment, traces, isWritten: false),
            [.. traces.OtherReferrers.Select(r => $"referrer {r.ProductUserId}"), .. traces.OtherCustomers.Select(c => $"customer {c.CustomerId}")], [.. left]) { Failed = traces.Failed };
    }

    /// <summary>Refused requests are bound to no event: they are read for what names the person. There are never many.</summary>
    private static List<long> Refused(PortalDb db, PortalEnvironment environment, PersonTraces traces)
    {
        var words = new Scrubber([.. traces.Addresses, .. traces.Names.Where(n => n.Contains(' ', StringComparison.Ordinal)), .. traces.Customers.Select(c => c.CustomerId)]);
        return [.. db.Deliveries.AsNoTracking().Where(d => d.Environment == environment && d.Outcome == DeliveryOutcome.Rejected).Select(d => new { d.Id, d.Body }).AsEnumerable()
            .Where(d => d.Body is not null && words.FindsInJson(Encoding.UTF8.GetString(d.Body))).Select(d => d.Id)];
    }
}

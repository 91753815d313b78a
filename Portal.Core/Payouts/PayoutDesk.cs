using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Rewards;
using Portal.Core.Telemetry;

namespace Portal.Core.Payouts;

/// <summary>
/// Puts payouts together and moves them on. A step that was done already is answered with what stands and does nothing; only settling
/// posts, all lines in one transaction.
/// </summary>
public sealed class PayoutDesk(PortalStore store, ChangeFeed changes, TimeProvider clock)
{
    private const int PostedAtOnce = 20;   // few: every save looks through all that is tracked

    /// <summary>What a payout would be; nothing is written.</summary>
    /// <returns>The plan; problem <c>invalidField</c>.</returns>
    public async Task<Outcome<PayoutPlan>> PreviewAsync(PortalEnvironment environment, NewPayout given, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (given.Fault(now) is { } fault) return fault;
        await using var db = store.OpenRead();
        var outcome = await Task.Run(() => PayoutPlanner.Plan(db, environment, given, now), ct);
        return outcome.TryGet(out var planned, out var problem) ? planned.Plan : problem;
    }

    /// <summary>Puts a payout together, as a draft.</summary>
    /// <returns>The draft and who is left out; problems <c>invalidField</c>, <c>nothingToPay</c>.</returns>
    public async Task<Outcome<PayoutCreated>> CreateAsync(PortalEnvironment environment, NewPayout given, Actor actor, CancellationToken ct)
    {
        if (given.Fault(clock.GetUtcNow()) is { } fault) return fault;
        var outcome = await store.WriteAsync(db => Create(db, environment, given, actor), ct);
        if (outcome.TryGet(out _, out _)) changes.Publish(environment);
        return outcome;
    }

    /// <summary>Approves a draft.</summary>
    /// <returns>The payout; problems <c>notFound</c>, <c>payoutEnded</c>, <c>preLaunch</c>.</returns>
    public Task<Outcome<PayoutDetail>> ApproveAsync(PortalEnvironment environment, long id, Actor actor, CancellationToken ct) =>
        MoveAsync(environment, id, PayoutState.Approved, (db, payout, now) =>
        {
            if (payout.State != PayoutState.Draft) return Ended(payout);
            if (PayoutPlanner.RefuseBeforeLaunch(db, environment) is { } early) return early;
            (payout.State, payout.ApprovedAt, payout.ApprovedBy) = (PayoutState.Approved, now, actor.Name);
            Note(db, payout, "payout.approved", new Money(payout.Amount, Currency.Parse(payout.Currency)), actor, now);
            return null;
        }, ct);

    /// <summary>Notes that the file of a payout is taken, and gives what stands in it.</summary>
    /// <returns>The payout; problems <c>notFound</c>, <c>notApproved</c>, <c>payoutEnded</c>, <c>preLaunch</c>.</returns>
    public Task<Outcome<PayoutDetail>> ExportAsync(PortalEnvironment environment, long id, Actor actor, CancellationToken ct) =>
        MoveAsync(environment, id, null, (db, payout, now) =>
        {
            if (payout.State == PayoutState.Draft) return NotApproved;
            if (payout.State == PayoutState.Cancelled) return Ended(payout);
            if (PayoutPlanner.RefuseBeforeLaunch(db, environment) is { } early) return early;
            var due = Detail(db, payout, now).Due;
            (payout.ExportedAt, payout.ExportedBy, payout.Exported) = (now, actor.Name, due.Minor);
            Note(db, payout, "payout.exported", due, actor, now);
            return null;
        }, ct);

    /// <summary>
    /// Posts what is due of each line now, which may be less than the line says; all of it, or nothing. Where a total is given, minor units,
    /// nothing is posted unless it comes to that.
    /// </summary>
    /// <returns>The payout; problems <c>notFound</c>, <c>notApproved</c>, <c>payoutEnded</c>, <c>amountsChanged</c>, <c>preLaunch</c>.</returns>
    public async Task<Outcome<PayoutDetail>> SettleAsync(PortalEnvironment environment, long id, long? total, Actor actor, CancellationToken ct)
    {
        using var span = PortalTelemetry.Spans.StartActivity("portal.payout");
        span?.SetTag(PortalTelemetry.Environment, environment.Slug());
        var posted = 0;
        var outcome = await MoveAsync(environment, id, PayoutState.Settled, (db, payout, now) => Settle(db, payout, total, actor, now, out posted), ct);
        PortalMeters.Posted(environment.Slug(), EntrySetKind.Paid.Word(), posted);
        span?.SetTag(PortalTelemetry.Postings, posted);
        return outcome;
    }

    /// <summary>Gives a payout up that is not settled; its rewards may stand in another one.</summary>
    /// <returns>The payout; problems <c>notFound</c>, <c>payoutEnded</c>.</returns>
    public Task<Outcome<PayoutDetail>> CancelAsync(PortalEnvironment environment, long id, Actor actor, CancellationToken ct) =>
        MoveAsync(environment, id, PayoutState.Cancelled, (db, payout, now) =>
        {
            if (payout.State == PayoutState.Settled) return Ended(payout);
            (payout.State, payout.EndedAt, payout.EndedBy) = (PayoutState.Cancelled, now, actor.Name);
            Note(db, payout, "payout.cancelled", new Money(payout.Amount, Currency.Parse(payout.Currency)), actor, now);
            db.SaveChanges();
            db.PayoutLines.Where(l => l.PayoutId == id).ExecuteUpdate(line => line.SetProperty(l => l.IsOpen, false));
            return null;
        }, ct);

    private static Problem NotApproved => new("notApproved", "Only an approved payout can be exported or settled.", null, ProblemKind.Conflict);

    private Outcome<PayoutCreated> Create(PortalDb db, PortalEnvironment environment, NewPayout given, Actor actor)
    {
        var now = clock.GetUtcNow();
        if (!PayoutPlanner.Plan(db, environment, given, now).TryGet(out var planned, out var problem)) return problem;
        var plan = planned.Plan;
        if (planned.Taken.Count == 0)
            return new Problem("nothingToPay", plan.LeftOut.Count == 0 ? $"No reward in {plan.Currency} is past its hold, unpaid and outside of another open payout."
                : $"Nobody is owed enough in {plan.Currency}: {plan.LeftOut.Count} owe as much as they are owed, or less than the minimum.", null, ProblemKind.Conflict);
        var payout = new Payout
        {
            Environment = environment,
            Currency = plan.Currency.Code,
            AsOf = given.AsOf ?? now,
            Minimum = given.Minimum ?? 0,
            Note = string.IsNullOrWhiteSpace(given.Note) ? null : given.Note.Trim(),
            Referrers = plan.Shares.Count,
            Lines = planned.Taken.Count,
            Amount = plan.Total.Minor,
            State = PayoutState.Draft,
            CreatedAt = now,
            CreatedBy = actor.Name,
        };
        db.Payouts.Add(payout);
        db.SaveChanges();
        PreparedRows<PayoutLine>.Insert(db, planned.Taken.Select(c => new PayoutLine { PayoutId = payout.Id, ReferrerId = c.ReferrerId, RewardId = c.RewardId, Amount = c.Open }));
        Note(db, payout, "payout.created", plan.Total, actor, now);
        return new PayoutCreated(Detail(db, payout, now), plan.LeftOut);
    }

    private static Problem? Settle(PortalDb db, Payout payout, long? total, Actor actor, DateTimeOffset now, out int posted)
    {
        posted = 0;
        if (payout.State == PayoutState.Draft) return NotApproved;
        if (payout.State == PayoutState.Cancelled) return Ended(payout);
        if (PayoutPlanner.RefuseBeforeLaunch(db, payout.Environment) is { } early) return early;
        var detail = Detail(db, payout, now);
        if (total is { } sure && sure != detail.Due.Minor)
            return new Problem("amountsChanged", $"The payout comes to {detail.Due} now, not to {new Money(sure, detail.Due.Currency)}. Look again, and take its file again.", "total", ProblemKind.Conflict);

        (payout.State, payout.EndedAt, payout.EndedBy, payout.Paid) = (PayoutState.Settled, now, actor.Name, detail.Due.Minor);
        Note(db, payout, "payout.settled", detail.Due, actor, now);
        db.SaveChanges();
        var due = detail.Shares.SelectMany(s => s.Lines).ToDictionary(l => l.LineId, l => l.Due.Minor);
        var lines = db.PayoutLines.AsNoTracking().Where(l => l.PayoutId == payout.Id).OrderBy(l => l.Id).ToList();
        foreach (var line in lines) (line.Paid, line.IsOpen) = (due[line.Id], false);
        PreparedRows<PayoutLine>.Update(db, lines, nameof(PayoutLine.Paid), nameof(PayoutLine.IsOpen));

        var cause = new Cause("payout", Word(payout.Id));
        posted = lines.Count(l => l.Paid != 0);
        foreach (var some in lines.Where(l => l.Paid != 0).Chunk(PostedAtOnce))
        {
            db.ChangeTracker.Clear();
            var ids = some.Select(l => l.RewardId).ToList();
            var rewards = db.Rewards.AsNoTracking().Where(r => ids.Contains(r.Id)).ToDictionary(r => r.Id);
            Journal.Post(db, [.. some.Select(l => new Posting(rewards[l.RewardId], EntrySetKind.Paid, l.Paid!.Value, cause))], now);
        }
        return null;
    }

    /// <summary>Moves a payout on, in one transaction. One that is there already stays as it is.</summary>
    private async Task<Outcome<PayoutDetail>> MoveAsync(
        PortalEnvironment environment, long id, PayoutState? to, Func<PortalDb, Payout, DateTimeOffset, Problem?> move, CancellationToken ct)
    {
        var outcome = await store.WriteAsync<Outcome<PayoutDetail>>(db =>
        {
            var now = clock.GetUtcNow();
            if (db.Payouts.SingleOrDefault(p => p.Id == id && p.Environment == environment) is not { } payout)
                return new Problem("notFound", $"There is no payout {id} in {environment.Slug()}.", null, ProblemKind.Missing);
            if (payout.State != to && move(db, payout, now) is { } problem) return problem;
            db.SaveChanges();
            return Detail(db, payout, now);
        }, ct);
        if (outcome.TryGet(out _, out _)) changes.Publish(environment);
        return outcome;
    }

    private static PayoutDetail Detail(PortalDb db, Payout payout, DateTimeOffset now) =>
        LineNow.Detail(PayoutRow.Of(payout), LineNow.Of(db, payout.Id).ToList(), now);

    private static Problem Ended(Payout payout) =>
        new("payoutEnded", $"Payout {payout.Id} is {payout.State.Word()}; that is final.", null, ProblemKind.Conflict);

    private static void Note(PortalDb db, Payout payout, string action, Money amount, Actor actor, DateTimeOffset now) =>
        db.Audit(actor, now, payout.Environment, action, Word(payout.Id), null, $"{amount}, {payout.Referrers} referrers, {payout.Lines} rewards");

    private static string Word(long id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A new payout.</summary>
/// <param name="Payout">The draft.</param>
/// <param name="LeftOut">Who is not in it, and why.</param>
public sealed record PayoutCreated(PayoutDetail Payout, IReadOnlyList<PlannedShare> LeftOut);

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Reviews;

namespace Portal.Core.Pipeline;

/// <summary>Folds again what a new code or a new revision concerns, in batches; a crash goes on where the last batch ended.</summary>
public sealed class Refold(PortalStore store, ChangeFeed changes, TimeProvider clock, ILogger<Refold> logger)
{
    private const int BatchSize = 100;

    /// <summary>How many requests of an environment are not done yet.</summary>
    public async Task<int> PendingAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.RefoldRequests.CountAsync(r => r.Environment == environment, ct);
    }

    /// <summary>
    /// Does the next batch of the oldest request; false when there is none. It runs alone: whoever began before the request was there may
    /// not know yet what it is about, and must have ended.
    /// </summary>
    public async Task<bool> DrainAsync(CancellationToken ct)
    {
        await using (var db = store.OpenRead())
        {
            if (!await db.RefoldRequests.AnyAsync(ct)) return false;
        }
        FoldBatch batch;
        await using (var work = await store.BeginWorkAsync(alone: true, ct))
        {
            if (await NextAsync(work.Read, ct) is not { } next) return true;   // somebody else did it meanwhile
            batch = next;
            try
            {
                await FoldAsync(work, batch.Request, batch.Customers, batch.Named, batch.Finish, ct);
                changes.Publish(batch.Request.Environment);
                return true;
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !store.IsUnavailable(exception))
            {
                // One customer that cannot be folded must not hold up the others, nor the inbox.
                logger.RefoldBroke(batch.Request.CauseKind, batch.Request.CauseId, exception.GetType().Name);
            }
        }
        // From here on a new request is not taken for this one's: whoever is folded already must be folded again for it.
        await store.WriteAsync(db => db.RefoldRequests.Where(r => r.Id == batch.Request.Id && r.DoneUpTo == 0).ExecuteUpdate(set => set.SetProperty(r => r.DoneUpTo, -1)), ct);
        foreach (var customer in batch.Customers) await FoldAloneAsync(batch.Request, customer.CustomerId, [customer], [], ct);
        foreach (var identity in batch.Named) await FoldAloneAsync(batch.Request, identity.Key, [], [identity], ct);
        await store.WriteAsync(batch.Finish, ct);
        changes.Publish(batch.Request.Environment);
        return true;
    }

    private static async Task<FoldBatch?> NextAsync(PortalDb db, CancellationToken ct)
    {
        var request = await db.RefoldRequests.OrderBy(r => r.Id).FirstOrDefaultAsync(ct);
        if (request is null) return null;
        var (customers, last) = request.CauseKind switch
        {
            RefoldRequest.OfCode => await OfCodeAsync(db, request, ct),
            RefoldRequest.OfReferrer => await OfReferrerAsync(db, request, ct),
            RefoldRequest.OfDecision => await OfDecisionAsync(db, request, ct),
            RefoldRequest.OfRebuild => ([.. FoldSubjects.OfJson(request.Subjects!).Customers], null),
            _ => await OfAllAsync(db, request, ct),
        };
        return new FoldBatch(request, customers, request.Subjects is { } subjects ? [.. FoldSubjects.OfJson(subjects).Identities.Select(Identity.OfKey)] : [], last);
    }

    private async Task FoldAloneAsync(RefoldRequest request, string id, List<CustomerKey> customers, List<Identity> named, CancellationToken ct)
    {
        try
        {
            await using var work = await store.BeginWorkAsync(alone: true, ct);
            await FoldAsync(work, request, customers, named, _ => { }, ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !store.IsUnavailable(exception))
        {
            logger.CustomerNotFolded(id, request.CauseKind, request.CauseId, exception);
        }
    }

    private async Task FoldAsync(StoreWork work, RefoldRequest request, List<CustomerKey> customers, List<Identity> named, Action<PortalDb> finish, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        using var watched = BatchWatch.OfRefold(request);
        var book = await new ReferralBookLoader(work.Read, request.Environment, request.Id).LoadAsync([], customers, ct, named);
        book.Fold(customers, new Cause(request.CauseKind, request.CauseId), named);
        var released = WaitingRoom.Release(book);
        watched.Step("portal.post");
        await work.CommitAsync(write =>
        {
            book.Save(write, now);
            InboundEvent.SaveReleases(write, released);
            finish(write);
        }, ct);
        watched.Refolded(request, book);
    }

    private static async Task<(List<CustomerKey> Customers, long? Last)> OfCodeAsync(PortalDb db, RefoldRequest request, CancellationToken ct)
    {
        var facts = await db.Facts.Where(f => f.Environment == request.Environment && f.Code == request.CauseId && f.CustomerId != null && f.Id > request.DoneUpTo)
            .OrderBy(f => f.Id).Take(BatchSize).Select(f => new { f.Id, f.Scope, f.CustomerId }).ToListAsync(ct);
        return ([.. facts.Select(f => new CustomerKey(f.Scope, f.CustomerId!)).Distinct()], facts.Count < BatchSize ? null : facts[^1].Id);
    }

    private static async Task<(List<CustomerKey> Customers, long? Last)> OfReferrerAsync(PortalDb db, RefoldRequest request, CancellationToken ct)
    {
        var referrals = await db.Referrals.Where(r => r.Environment == request.Environment && r.Code == request.CauseId && r.Id > request.DoneUpTo)
            .OrderBy(r => r.Id).Take(BatchSize).ToListAsync(ct);
        return (await CustomersOfAsync(db, request.Environment, referrals, ct), referrals.Count < BatchSize ? null : referrals[^1].Id);
    }

    private static async Task<(List<CustomerKey> Customers, long? Last)> OfDecisionAsync(PortalDb db, RefoldRequest request, CancellationToken ct)
    {
        var decisionId = long.Parse(request.CauseId, System.Globalization.CultureInfo.InvariantCulture);
        var cases = await db.ReviewDecisions.Where(d => d.Id == decisionId)
            .Join(db.ReviewCases, d => new { d.Environment, Key = d.CaseKey }, c => new { c.Environment, c.Key }, (d, c) => c).ToListAsync(ct);
        return (cases is [var decided] ? await CustomersOfAsync(db, decided, ct) : [], null);
    }

    /// <summary>The customers that a decision about a case concerns: those of its referral, and the one that it names.</summary>
    internal static async Task<List<CustomerKey>> CustomersOfAsync(PortalDb db, ReviewCase review, CancellationToken ct)
    {
        var customers = await CustomersOfAsync(db, review.Environment, await db.Referrals.Where(r => r.Id == review.ReferralId).ToListAsync(ct), ct);
        var named = await db.Customers.Where(c => c.Environment == review.Environment && c.CustomerId == review.CustomerId).Select(c => new { c.Scope, c.CustomerId }).ToListAsync(ct);
        return [.. customers.Union(named.Select(c => new CustomerKey(c.Scope, c.CustomerId)))];
    }

    /// <summary>The customers of some referrals.</summary>
    internal static async Task<List<CustomerKey>> CustomersOfAsync(PortalDb db, PortalEnvironment environment, List<Referral> referrals, CancellationToken ct)
    {
        var keys = referrals.ConvertAll(r => r.Identity.Key);
        var customers = await db.Customers.Where(c => c.Environment == environment && keys.Contains(c.IdentityKey!)).Select(c => new { c.Scope, c.CustomerId }).ToListAsync(ct);
        return customers.ConvertAll(c => new CustomerKey(c.Scope, c.CustomerId));
    }

    private static async Task<(List<CustomerKey> Customers, long? Last)> OfAllAsync(PortalDb db, RefoldRequest request, CancellationToken ct)
    {
        var customers = await db.Customers.Where(c => c.Environment == request.Environment && c.Id > request.DoneUpTo)
            .OrderBy(c => c.Id).Take(BatchSize).Select(c => new { c.Id, c.Scope, c.CustomerId }).ToListAsync(ct);
        return ([.. customers.Select(c => new CustomerKey(c.Scope, c.CustomerId))], customers.Count < BatchSize ? null : customers[^1].Id);
    }
}

/// <summary>What is to be folded again at once.</summary>
/// <param name="Request">Who asked.</param>
/// <param name="Customers">Customers whose referrals, or who alone.</param>
/// <param name="Named">Referrals, whether or not they have customers.</param>
/// <param name="Last">How far this gets; null when nothing is left after it.</param>
internal sealed record FoldBatch(RefoldRequest Request, List<CustomerKey> Customers, List<Identity> Named, long? Last)
{
    /// <summary>Notes that it is done.</summary>
    public void Finish(PortalDb db)
    {
        if (Last is { } last) db.RefoldRequests.Where(r => r.Id == Request.Id).ExecuteUpdate(set => set.SetProperty(r => r.DoneUpTo, last));
        else db.RefoldRequests.Where(r => r.Id == Request.Id).ExecuteDelete();
    }
}

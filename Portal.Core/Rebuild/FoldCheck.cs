using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Pipeline;
using Portal.Core.Referrals;
using Portal.Core.Referrers;

namespace Portal.Core.Rebuild;

/// <summary>
/// Folds every referral once from the facts as they should be, each batch at one moment of its own, and compares with what stands.
/// What differs is folded again at one last moment for all, until nothing that others depend on moves any more: so that a difference
/// is told as it is at the end, and one that has vanished meanwhile is not told.
/// </summary>
internal sealed class FoldCheck(PortalStore store, PortalEnvironment environment, Corrections corrections)
{
    private const int BatchSize = 100;   // what a batch holds in memory, the collector copies again and again

    private static readonly Cause Cause = new("rebuild", "0");   // nothing is posted from here

    private readonly FoldInputs _inputs = new(environment);
    private readonly Dictionary<string, List<RebuildDifference>> _found = [];
    private readonly HashSet<CustomerKey> _foldedWithOthers = [];
    private readonly HashSet<string> _stirred = [];
    private readonly HashSet<string> _moved = [];
    private bool _changed;

    /// <summary>Referrals and customers without one that were folded.</summary>
    public long Folded { get; private set; }

    /// <summary>Rewards and payments whose explanation alone would be worded otherwise.</summary>
    public int Reworded { get; private set; }

    /// <summary>What differs, by the referral or customer that it concerns.</summary>
    public IReadOnlyDictionary<string, List<RebuildDifference>> Found => _found;

    /// <summary>Folds everything once.</summary>
    /// <param name="progress">Told the referrals folded, and the share of them from 0 to 1.</param>
    /// <param name="ct">Stops it between two batches.</param>
    public async Task RunAsync(Func<long, double, Task> progress, CancellationToken ct)
    {
        long last;
        List<CustomerKey> unknown;
        await using (var db = store.OpenRead())
        {
            last = await db.Customers.Where(c => c.Environment == environment).MaxAsync(c => (long?)c.Id, ct) ?? 0;
            unknown = await UnknownCustomersAsync(db, ct);
        }
        for (var after = 0L; ;)
        {
            await using var db = await store.OpenSnapshotAsync(ct);
            var customers = await db.Customers.Where(c => c.Environment == environment && c.Id > after && c.Id <= last)
                .OrderBy(c => c.Id).Take(BatchSize).Select(c => new { c.Id, c.Scope, c.CustomerId }).ToListAsync(ct);
            if (customers.Count > 0) after = customers[^1].Id;
            await FoldAsync(db, [.. customers.Select(c => new CustomerKey(c.Scope, c.CustomerId)).Where(k => !_foldedWithOthers.Remove(k))], [], ct);
            await progress(Folded, last == 0 ? 1 : after / (double)last);
            if (customers.Count < BatchSize) break;
        }
        foreach (var batch in unknown.Chunk(BatchSize))
        {
            await using var db = await store.OpenSnapshotAsync(ct);
            await FoldAsync(db, batch, [], ct);
        }
        await FoldLeftBehindAsync(ct);
    }

    /// <summary>Folds what differs again, at the moment of this context, with what depends on it.</summary>
    public async Task SettleAsync(PortalDb db, CancellationToken ct)
    {
        for (_changed = true; _changed;)
        {
            _changed = false;
            var identities = _found.Keys.Where(u => !IsCustomer(u)).Union(_moved).ToHashSet();
            foreach (var code in _stirred)
            {
                identities.UnionWith(corrections.PeersOf(code));
                foreach (var peer in await db.Referrals.Where(r => r.Environment == environment && r.Code == code).Select(r => new { r.IdentityKind, r.NewUserId }).ToListAsync(ct))
                    identities.Add(new Identity(peer.IdentityKind, peer.NewUserId).Key);
            }
            var customers = _found.Keys.Where(IsCustomer).Select(CustomerOf).Union(corrections.Customers.Keys).ToHashSet();
            foreach (var batch in customers.Chunk(BatchSize)) await FoldAsync(db, batch, [], ct);
            foreach (var batch in identities.Chunk(BatchSize)) await FoldAsync(db, [], [.. batch.Select(Identity.OfKey)], ct);
        }
    }

    /// <summary>What an apply folds again: the referrals and the customers that differ; those of one referral beside each other.</summary>
    public FoldSubjects Subjects() => new(
        [.. _found.Keys.Where(u => !IsCustomer(u)).Order(StringComparer.Ordinal)],
        [.. corrections.Customers.OrderBy(c => c.Value.IdentityKey, StringComparer.Ordinal).Select(c => c.Key).Union(_found.Keys.Where(IsCustomer).Order(StringComparer.Ordinal).Select(CustomerOf))]);

    private static bool IsCustomer(string unit) => unit.StartsWith("customer:", StringComparison.Ordinal);

    private static CustomerKey CustomerOf(string unit)
    {
        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        return new CustomerKey(unit["customer:".Length..slash], unit[(slash + 1)..]);
    }

    /// <summary>Customers that facts name, and that are not stored themselves.</summary>
    private async Task<List<CustomerKey>> UnknownCustomersAsync(PortalDb db, CancellationToken ct)
    {
        var customers = db.Customers;
        var inFacts = db.Facts.Where(f => f.Environment == environment && f.CustomerId != null
            && !customers.Any(c => c.Environment == environment && c.Scope == f.Scope && c.CustomerId == f.CustomerId));
        var keys = await inFacts.Select(f => new { f.Scope, f.CustomerId }).Distinct().ToListAsync(ct);
        var named = corrections.NamedCustomers.ToHashSet();
        var ids = named.Select(k => k.CustomerId).ToList();
        if (ids.Count > 0) named.ExceptWith((await customers.Where(c => c.Environment == environment && ids.Contains(c.CustomerId)).Select(c => new { c.Scope, c.CustomerId }).ToListAsync(ct)).Select(c => new CustomerKey(c.Scope, c.CustomerId)));
        return [.. keys.Select(k => new CustomerKey(k.Scope, k.CustomerId!)).Union(named)];
    }

    /// <summary>Folds the referrals that no stored customer belongs to: nothing should stand for them, unless a customer was put right.</summary>
    private async Task FoldLeftBehindAsync(CancellationToken ct)
    {
        for (var after = 0L; ;)
        {
            await using var db = await store.OpenSnapshotAsync(ct);
            var customers = db.Customers;
            var left = await db.Referrals.Where(r => r.Environment == environment && r.Id > after && !customers.Any(c => c.Environment == environment
                    && c.IdentityKey == (r.IdentityKind == IdentityKind.User ? "user:" : "organization:") + r.NewUserId))
                .OrderBy(r => r.Id).Take(BatchSize).Select(r => new { r.Id, r.IdentityKind, r.NewUserId }).ToListAsync(ct);
            if (left.Count == 0) return;
            after = left[^1].Id;
            await FoldAsync(db, [], [.. left.Select(r => new Identity(r.IdentityKind, r.NewUserId))], ct);
        }
    }

    private async Task FoldAsync(PortalDb db, CustomerKey[] customers, Identity[] identities, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (customers.Length + identities.Length == 0) return;
        try
        {
            await FoldTogetherAsync(db, customers, identities, ct);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or System.Data.Common.DbException))   // a broken database breaks the run
        {
            if (customers.Length + identities.Length == 1)
            {
                var unit = identities.FirstOrDefault()?.Key ?? customers.Select(c => BookDifferences.UnitOf(c.Scope, c.CustomerId)).First();
                _found[unit] = [new RebuildDifference(DifferenceKind.Failure, unit, unit, "stands", $"cannot be folded ({exception.GetType().Name})")];
                return;
            }
            // One that cannot be folded must not hold up the others.
            foreach (var customer in customers) await FoldAsync(db, [customer], [], ct);
            foreach (var identity in identities) await FoldAsync(db, [], [identity], ct);
        }
    }

    private async Task FoldTogetherAsync(PortalDb db, CustomerKey[] customers, Identity[] identities, CancellationToken ct)
    {
        var book = await new ReferralBookLoader(db, environment, inputs: _inputs, corrections: corrections).LoadAsync([], customers, ct, identities);
        book.Fold(customers, Cause, identities);
        var differences = new BookDifferences(book);
        var found = await differences.FindAsync(db, ct);

        foreach (var customer in customers) _found.Remove(BookDifferences.UnitOf(customer.Scope, customer.CustomerId));
        foreach (var identity in identities) _found.Remove(identity.Key);
        foreach (var unit in found.GroupBy(d => d.Unit)) _found[unit.Key] = [.. unit];
        Folded += book.Folded;
        Reworded += differences.Reworded;
        var seeds = customers.ToHashSet();
        foreach (var other in book.FoldedCustomers.Where(c => !seeds.Contains(c))) _foldedWithOthers.Add(other);

        foreach (var customer in book.Changed.Concat(book.Added).OfType<Customer>()) await NoteMovedAsync(db, book, customer, ct);
        foreach (var (code, circle) in book.Circles)
        {
            if (!corrections.Correct(code, circle)) continue;
            _stirred.Add(code);
            _changed = true;
        }
    }

    /// <summary>Notes that a customer is somebody else than stored: whoever it was and is, and whoever its user referred, is to be folded again.</summary>
    private async Task NoteMovedAsync(PortalDb db, ReferralBook book, Customer customer, CancellationToken ct)
    {
        var key = new CustomerKey(customer.Scope, customer.CustomerId);
        var stored = await db.Customers.FirstOrDefaultAsync(c => c.Environment == environment && c.Scope == customer.Scope && c.CustomerId == customer.CustomerId, ct);
        var known = corrections.Customers.GetValueOrDefault(key);
        var (was, now) = ((stored?.IdentityKey, stored?.NewUserId, stored?.OrganizationId), (customer.IdentityKey, customer.NewUserId, customer.OrganizationId));
        if (was == now || (known is not null && now == (known.IdentityKey, known.NewUserId, known.OrganizationId))) return;
        corrections.Correct(key, customer);
        _changed = true;
        foreach (var identity in new[] { was.IdentityKey, now.IdentityKey }.OfType<string>()) _moved.Add(identity);
        var users = new[] { was.NewUserId, now.NewUserId };
        foreach (var code in await db.ReferralCodes.Where(c => c.Environment == environment && users.Contains(c.Referrer!.ProductUserId)).Select(c => c.Code).ToListAsync(ct))
            _stirred.Add(code);
    }
}

using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Pipeline;

namespace Portal.Core.Rebuild;

/// <summary>
/// Recomputes everything from the stored events and what persons decided, in batches, beside a running system, and writes nothing:
/// first the facts, then the folds, last the fingerprint (docs/decisions/0018-rebuild.md).
/// </summary>
public sealed class LedgerRebuild(PortalStore store, PortalEnvironment environment)
{
    private const int ShareOfReading = 40;

    private readonly Corrections _corrections = new();
    private long _peak;

    /// <summary>What differs in the facts, and what an apply must fold again, once it has run.</summary>
    internal (Corrections Corrections, FoldSubjects Subjects) ToApply { get; private set; }

    /// <summary>Recomputes.</summary>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="ct">Stops it between two batches.</param>
    public async Task<RebuildReport> RunAsync(Func<RebuildProgress, Task> progress, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var facts = new FactCheck(store, environment, _corrections);
        await facts.RunAsync((events, share) => TellAsync(progress, new RebuildProgress(events, 0, (int)(share * ShareOfReading))), ct);
        var readingSeconds = watch.Elapsed.TotalSeconds;

        var folds = new FoldCheck(store, environment, _corrections);
        await folds.RunAsync((folded, share) => TellAsync(progress, new RebuildProgress(facts.Events, folded, ShareOfReading + (int)(share * (99 - ShareOfReading)))), ct);
        var referrals = folds.Folded;

        await using var db = await store.OpenSnapshotAsync(ct);
        await folds.SettleAsync(db, ct);
        var ofFolds = folds.Found.OrderBy(f => f.Key, StringComparer.Ordinal).SelectMany(f => f.Value.OrderBy(d => d.Kind).ThenBy(d => d.Subject, StringComparer.Ordinal)).ToList();
        var (should, stands) = await FingerprintsAsync(db, ofFolds, ct);
        ToApply = (_corrections, folds.Subjects());
        await TellAsync(progress, new RebuildProgress(facts.Events, referrals, 100));
        return new RebuildReport(should.Hash, stands.Hash, should.Rewards, [.. facts.Lost, .. DifferencesOfFacts(), .. ofFolds])
        {
            Reworded = folds.Reworded,
            FoldsWaiting = await db.RefoldRequests.CountAsync(r => r.Environment == environment, ct),
            Events = facts.Events,
            FromFacts = facts.FromFacts,
            FromOlderReading = facts.FromOlderReading,
            Facts = facts.Told,
            Referrals = referrals,
            ReadingSeconds = Math.Round(readingSeconds, 2),
            Seconds = Math.Round(watch.Elapsed.TotalSeconds, 2),
            PeakMemory = _peak,
        };
    }

    private async Task TellAsync(Func<RebuildProgress, Task> progress, RebuildProgress so)
    {
        _peak = Math.Max(_peak, Environment.WorkingSet);
        await progress(so);
    }

    /// <summary>The stored rewards in the order of the fingerprint, once as they stand, and once with the differences laid over them.</summary>
    private async Task<(LedgerHash Should, LedgerHash Stands)> FingerprintsAsync(PortalDb db, List<RebuildDifference> differences, CancellationToken ct)
    {
        var changed = differences.Select(d => d.Should).OfType<FingerprintLine>().ToDictionary(l => l.Key);
        var added = new Queue<FingerprintLine>(changed.Values.OrderBy(l => Encoding.UTF8.GetBytes(l.Key), Bytewise));
        using var should = new LedgerFingerprint();
        using var stands = new LedgerFingerprint();
        await foreach (var line in LedgerFingerprint.Lines(db, environment).AsAsyncEnumerable().WithCancellation(ct))
        {
            stands.Add(line);
            if (added.Count > 0) TakeUpTo(Encoding.UTF8.GetBytes(line.Key));
            if (!changed.ContainsKey(line.Key)) should.Add(line);
        }
        while (added.TryDequeue(out var rest)) should.Add(rest);
        return (should.Close(), stands.Close());

        void TakeUpTo(byte[] key)
        {
            while (added.TryPeek(out var next) && Bytewise.Compare(Encoding.UTF8.GetBytes(next.Key), key) <= 0) should.Add(added.Dequeue());
        }
    }

    private static readonly Comparer<byte[]> Bytewise = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private IEnumerable<RebuildDifference> DifferencesOfFacts() => _corrections.Facts.OrderBy(c => c.Key.NaturalKey, StringComparer.Ordinal).Select(c =>
    {
        var (stored, stands) = (c.Value.Stored, c.Value.Stands);
        var customer = (stands ?? stored)!.CustomerId;
        return new RebuildDifference(
            DifferenceKind.Fact, customer is null ? c.Key.Scope : BookDifferences.UnitOf(c.Key.Scope, customer), c.Key.NaturalKey,
            stored is null ? "not stored" : stands is null ? $"told by {stored.ProviderEventId}" : Words(stored),
            stands is null ? "no event tells it" : stored is null ? $"told by {stands.ProviderEventId}" : Words(stands)) { EventId = (stands ?? stored)!.EventId };
    });

    private static string Words(Facts.StoredFact fact) => $"{fact.ProviderEventId}: {(fact.Data.Length <= 400 ? fact.Data : fact.Data[..400] + "…")}";
}

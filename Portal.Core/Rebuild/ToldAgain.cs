using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Pipeline;
using Portal.Core.Sources;

namespace Portal.Core.Rebuild;

/// <summary>An event with what it tells, in the form in which it is kept.</summary>
internal sealed record ReadAgain(long Id, IReadOnlyList<StoredFact> Told)
{
    /// <summary>Reads an event's payload again.</summary>
    public static ReadAgain From(InboundEvent inbound, byte[] body)
    {
        var reading = ModeCheck.Judge(inbound.Environment, inbound.Source, inbound.LiveMode, SourceReader.ReadFacts(inbound.Source, body));
        return new ReadAgain(inbound.Id, [.. EventPipeline.Told(inbound, reading).Select(t => StoredFact.From(inbound.Environment, t))]);
    }
}

/// <summary>A fact that is stored otherwise than an event tells it.</summary>
/// <param name="EventId">The event that was read.</param>
/// <param name="Stored">As stored; null where it is missing.</param>
/// <param name="Told">As told, before what is stored; null where the event whose telling stands does not tell it so.</param>
internal sealed record FactMismatch(long EventId, StoredFact? Stored, StoredFact? Told);

/// <summary>Compares what events tell with what is stored: each fact told must be stored by its earliest telling, and each stored fact must be told by its event.</summary>
internal static class FactComparison
{
    /// <summary>What differs, in the order of the events.</summary>
    public static async Task<List<FactMismatch>> FindAsync(PortalDb db, PortalEnvironment environment, IReadOnlyList<ReadAgain> batch, CancellationToken ct)
    {
        var ours = (nameof(StoredFact.Environment), (object?)environment);
        var own = await StoredRows<StoredFact>.FindAsync(db, nameof(StoredFact.EventId), [.. batch.Select(e => e.Id)], ct, ours);
        var stored = own.ToDictionary(f => (f.Scope, f.NaturalKey));
        foreach (var some in batch.SelectMany(e => e.Told).Where(f => !stored.ContainsKey((f.Scope, f.NaturalKey))).GroupBy(f => f.Scope).ToList())
        {
            foreach (var fact in await StoredRows<StoredFact>.FindAsync(db, nameof(StoredFact.NaturalKey), [.. some.Select(f => f.NaturalKey)], ct, ours, (nameof(StoredFact.Scope), some.Key)))
                stored[(fact.Scope, fact.NaturalKey)] = fact;
        }

        var found = new List<FactMismatch>();
        var told = new HashSet<(string Scope, string NaturalKey, long EventId)>();
        foreach (var fact in batch.SelectMany(e => e.Told))
        {
            told.Add((fact.Scope, fact.NaturalKey, fact.EventId));
            var stands = stored.GetValueOrDefault((fact.Scope, fact.NaturalKey));
            if (stands?.EventId == fact.EventId)
            {
                if (!stands.SaysTheSameAs(fact)) found.Add(new FactMismatch(fact.EventId, stands, null));
            }
            else if (stands is null || fact.ComesBefore(stands))
            {
                found.Add(new FactMismatch(fact.EventId, stands, fact));
            }
        }
        found.AddRange(own.Where(f => !told.Contains((f.Scope, f.NaturalKey, f.EventId))).Select(f => new FactMismatch(f.EventId, f, null)));
        return found;
    }
}

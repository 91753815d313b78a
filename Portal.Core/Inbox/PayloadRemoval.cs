using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Sources;

namespace Portal.Core.Inbox;

/// <summary>Why a payload is not there any more.</summary>
public enum PayloadRemoval
{
    /// <summary>It was old enough.</summary>
    Retention,

    /// <summary>It told of a person who was erased.</summary>
    Erasure,
}

/// <summary>
/// What stands in for a removed payload when everything is recomputed: the version of the reader that read it, and the facts for which
/// its telling stood, each with a digest, so that a fact that was changed afterwards does not pass for one that was told.
/// </summary>
/// <param name="ReaderVersion">The reader's version.</param>
/// <param name="Digests">By natural key.</param>
internal sealed record KeptFacts(int ReaderVersion, IReadOnlyDictionary<string, string> Digests)
{
    /// <summary>As stored.</summary>
    public static string Write(IEnumerable<StoredFact> facts, int readerVersion) =>
        string.Join('\n', facts.OrderBy(f => f.NaturalKey, StringComparer.Ordinal).Select(f => $"{f.Digest()} {f.NaturalKey}").Prepend(readerVersion.ToString(CultureInfo.InvariantCulture)));

    /// <summary>As read back.</summary>
    public static KeptFacts Read(string text)
    {
        var lines = text.Split('\n');
        return new KeptFacts(int.Parse(lines[0], CultureInfo.InvariantCulture),
            lines.Skip(1).ToDictionary(l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..], l => l[..l.IndexOf(' ', StringComparison.Ordinal)]));
    }
}

/// <summary>Takes payloads away, inside the caller's transaction. The event, its facts, and length and digest of the body stay.</summary>
internal static class Payloads
{
    /// <summary>Removes the payloads of events with the signatures and addresses of all their deliveries.</summary>
    public static void Remove(PortalDb db, IReadOnlyCollection<InboundEvent> events, PayloadRemoval why, DateTimeOffset now)
    {
        if (events.Count == 0) return;
        var ids = events.Select(e => e.Id).ToList();
        var facts = db.Facts.AsNoTracking().Where(f => ids.Contains(f.EventId)).ToList().ToLookup(f => f.EventId);
        foreach (var one in events)
        {
            var readBy = one.KeptFacts is { } kept ? KeptFacts.Read(kept).ReaderVersion : SourceReader.Version;
            (one.PayloadRemovedAt, one.PayloadRemoval, one.KeptFacts) = (one.PayloadRemovedAt ?? now, one.PayloadRemoval ?? why, KeptFacts.Write(facts[one.Id], readBy));
        }
        PreparedRows<InboundEvent>.Update(db, events, nameof(InboundEvent.PayloadRemovedAt), nameof(InboundEvent.PayloadRemoval), nameof(InboundEvent.KeptFacts));
        var ofEvents = ids.ConvertAll(id => (long?)id);
        db.Deliveries.Where(d => ofEvents.Contains(d.EventId)).ExecuteUpdate(set => set
            .SetProperty(d => d.Body, (byte[]?)null).SetProperty(d => d.Signature, (string?)null).SetProperty(d => d.RemoteAddress, (string?)null));
    }
}

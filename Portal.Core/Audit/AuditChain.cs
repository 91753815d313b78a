using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Audit;

/// <summary>What a look at the whole chain found.</summary>
/// <param name="Entries">Entries looked at.</param>
/// <param name="Hash">The hash of the last one: note it elsewhere, and nobody can rewrite what is before it unseen.</param>
/// <param name="BrokenAt">The first entry that does not fit, by its id; null where all do.</param>
/// <param name="Why">What does not fit; null where all does.</param>
public sealed record AuditVerdict(long Entries, string Hash, long? BrokenAt, string? Why)
{
    /// <summary>Whether every entry stands as it was written.</summary>
    public bool Holds => Why is null;
}

/// <summary>The audit log as a chain: each entry holds a hash over itself and the hash of the entry before.</summary>
public static class AuditChain
{
    private static readonly string Nothing = new('0', 64);

    /// <summary>Adds the next link.</summary>
    internal static void Append(PortalDb db, AuditEntry entry)
    {
        var head = db.AuditHeads.Find(AuditHead.TheOne) ?? Begin(db);
        entry.Hash = Link(head.Hash, entry);
        (head.Hash, head.Entries) = (entry.Hash, head.Entries + 1);
        PreparedRows<AuditEntry>.Insert(db, [entry]);   // at once: the order of the ids is that of the links, however many a write adds
    }

    /// <summary>Looks at every entry, from the oldest to the newest.</summary>
    public static async Task<AuditVerdict> VerifyAsync(PortalStore store, CancellationToken ct)
    {
        await using var db = await store.OpenSnapshotAsync(ct);
        var head = await db.AuditHeads.SingleOrDefaultAsync(ct);
        var (older, chained, hash) = (0L, 0L, Nothing);
        AuditVerdict Broken(long? at, string why) => new(older + chained, hash, at, why);

        await foreach (var entry in db.AuditLog.OrderBy(a => a.Id).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (entry.Hash is null)
            {
                if (chained > 0) return Broken(entry.Id, "It has no hash, and the entry before it has one.");
                (hash, older) = (Link(hash, entry), older + 1);
                continue;
            }
            if (chained == 0 && (head is null || head.OlderEntries != older || head.OlderHash != hash)) return Broken(entry.Id, "What is older than the chain is not what the chain began with.");
            if (Link(hash, entry) != entry.Hash) return Broken(entry.Id, "It was changed, or an entry before it was changed, added or taken away.");
            (hash, chained) = (entry.Hash, chained + 1);
        }
        if (head is null) return chained == 0 && older == 0 ? new AuditVerdict(0, hash, null, null) : Broken(null, "The end of the chain is not noted.");
        return head.Entries == chained && head.Hash == hash && head.OlderEntries == older
            ? new AuditVerdict(older + chained, hash, null, null)
            : Broken(null, "The last entries were added or taken away.");
    }

    /// <summary>The chain begins with one hash over all that is there already: entries are never changed, not even to give them one.</summary>
    private static AuditHead Begin(PortalDb db)
    {
        var (older, hash) = (0L, Nothing);
        foreach (var entry in db.AuditLog.AsNoTracking().Where(a => a.Hash == null).OrderBy(a => a.Id)) (hash, older) = (Link(hash, entry), older + 1);
        return db.AuditHeads.Add(new AuditHead { Hash = hash, OlderEntries = older, OlderHash = hash }).Entity;
    }

    /// <summary>SHA-256 over the hash before and each field with its length, so that no two entries read the same.</summary>
    private static string Link(string before, AuditEntry entry)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        sha.AppendData(Convert.FromHexString(before));
        foreach (var field in (string?[])
                 [
                     entry.Environment?.Word(), entry.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), entry.Actor, entry.RemoteAddress,
                     entry.Action, entry.Target, entry.Before, entry.After,
                 ])
        {
            var bytes = Encoding.UTF8.GetBytes(field ?? "");
            BinaryPrimitives.WriteInt32BigEndian(length, field is null ? -1 : bytes.Length);
            sha.AppendData(length);
            sha.AppendData(bytes);
        }
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}

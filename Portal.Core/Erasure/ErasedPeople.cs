using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Sources;

namespace Portal.Core.Erasure;

/// <summary>Somebody was erased between reading and writing: what was read may hold what must not come back, and is read again.</summary>
internal sealed class ErasedMeanwhileException() : InvalidOperationException("Somebody was erased meanwhile; it is read again.");

/// <summary>Which of some events tell of people who were erased. Their facts are kept without name and address, their payloads not at all.</summary>
internal sealed class ErasedPeople
{
    private readonly AddressDigest? _digest;
    private readonly HashSet<string> _customers = [];
    private readonly HashSet<string> _addresses = [];
    private readonly List<InboundEvent> _touched = [];

    private ErasedPeople(AddressDigest? digest) => _digest = digest;

    /// <summary>The last erasure that it knows of.</summary>
    public long? UpTo { get; private init; }

    /// <summary>How a customer is marked.</summary>
    public static string MarkOf(string scope, string customerId) => $"{scope}/{customerId}";

    /// <summary>Looks up what some events speak of; at once, as long as nobody was erased.</summary>
    public static async Task<ErasedPeople> AmongAsync(PortalDb db, PortalEnvironment environment, IReadOnlyList<(InboundEvent Event, Reading Reading, byte[] Body)> events, CancellationToken ct)
    {
        var upTo = await db.Erasures.MaxAsync(e => (long?)e.Id, ct);   // first: what is missed is noticed when it is written
        var found = new ErasedPeople(await AddressDigest.FindAsync(db, ct)) { UpTo = upTo };
        if (found._digest is not { } digest) return found;
        var named = events.SelectMany(e => e.Reading.Facts.Select(f => f.CustomerId).Append(e.Reading.CustomerId).OfType<string>().Select(id => MarkOf(e.Event.Scope, id))).Distinct().ToList();
        found._customers.UnionWith(await db.ErasedMarks.Where(m => m.Environment == environment && m.Kind == ErasedKind.Customer && named.Contains(m.Value)).Select(m => m.Value).ToListAsync(ct));
        var addressesOf = events.ToDictionary(e => e.Event, e => AddressDigest.AddressesIn(Encoding.UTF8.GetString(e.Body)).Append(e.Reading.Email).Concat(e.Reading.Facts.OfType<CustomerSeen>().Select(s => s.Email))
            .OfType<string>().Distinct().Select(digest.Of).ToHashSet());
        var addresses = addressesOf.Values.SelectMany(a => a).Distinct().ToList();
        found._addresses.UnionWith(await db.ErasedMarks.Where(m => m.Environment == environment && m.Kind == ErasedKind.Address && addresses.Contains(m.Value)).Select(m => m.Value).ToListAsync(ct));
        foreach (var (inbound, reading, _) in events)
        {
            var customers = reading.Facts.Select(f => f.CustomerId).Append(reading.CustomerId).OfType<string>();
            if (found._addresses.Overlaps(addressesOf[inbound]) || customers.Any(id => found._customers.Contains(MarkOf(inbound.Scope, id)))) found._touched.Add(inbound);
        }
        return found;
    }

    /// <summary>What an event says, without what was erased.</summary>
    public Reading Without(InboundEvent inbound, Reading reading)
    {
        if (!_touched.Contains(inbound)) return reading;
        var isOfErased = reading.CustomerId is { } id && _customers.Contains(MarkOf(inbound.Scope, id));
        return reading with
        {
            Email = isOfErased || IsErased(reading.Email) ? null : reading.Email,
            Facts = [.. reading.Facts.Select(f => f is CustomerSeen seen && (IsErased(seen.Email) || _customers.Contains(MarkOf(inbound.Scope, seen.CustomerId ?? ""))) ? Without(seen, _digest!) : f)],
        };
    }

    /// <summary>A customer's snapshot without name and address.</summary>
    public static CustomerSeen Without(CustomerSeen seen, AddressDigest digest) =>
        seen with { Email = null, Name = null, AddressMark = seen.Email is { } email ? digest.Of(email) : seen.AddressMark };

    /// <summary>Removes the payloads of the events that told of them, inside the caller's transaction.</summary>
    public void RemovePayloads(PortalDb db, DateTimeOffset now) => Payloads.Remove(db, _touched, PayloadRemoval.Erasure, now);

    /// <summary>The digest of an address that was erased; null for any other.</summary>
    public static string? ErasedMarkOf(PortalDb db, PortalEnvironment environment, string? address)
    {
        if (address is null || AddressDigest.Find(db)?.Of(address) is not { } mark) return null;
        return db.ErasedMarks.Any(m => m.Environment == environment && m.Kind == ErasedKind.Address && m.Value == mark) ? mark : null;
    }

    private bool IsErased(string? address) => address is not null && _addresses.Contains(_digest!.Of(address));
}

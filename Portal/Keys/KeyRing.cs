using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;

namespace Portal.Keys;

/// <summary>
/// The key ring in the database, shared by all instances. Keys are stored by <see cref="KeyRingKeeper"/> alone and never while
/// something is protected, for this waits for the store's turn: called from inside of a write it would wait for itself.
/// </summary>
internal sealed class KeyRing(PortalStore store, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = store.OpenRead();
        return [.. db.KeyRing.OrderBy(e => e.Id).Select(e => e.Xml).AsEnumerable().Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var stored = new KeyRingElement
        {
            Slot = SlotOf(element) ?? friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting), CreatedAt = clock.GetUtcNow(),
        };
        try
        {
            store.WriteAsync(db =>
            {
                if (!db.KeyRing.Any(e => e.Slot == stored.Slot)) db.KeyRing.Add(stored);
            }, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (DbUpdateException) when (IsTaken(stored.Slot))
        {
            // Another instance was first: its key is as good.
        }
    }

    private static string? SlotOf(XElement element) =>
        element.Name == "key" && DateTimeOffset.TryParse(element.Element("activationDate")?.Value, CultureInfo.InvariantCulture, out var active)
            ? $"key from {active.UtcDateTime:yyyy-MM-dd}"
            : null;

    private bool IsTaken(string slot)
    {
        using var db = store.OpenRead();
        return db.KeyRing.Any(e => e.Slot == slot);
    }
}

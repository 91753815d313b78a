using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Hosting;

namespace Portal.Keys;

/// <summary>At start, before anything is protected: finds or makes the master key, takes over the files of the version before, and proves that all of the ring can be read.</summary>
internal sealed class KeyRingStart(
    PortalStore store, MasterKeySource source, IXmlRepository ring, KeyRingKeeper keeper, IOptions<PortalOptions> options, TimeProvider clock, ILogger<KeyRingStart> logger)
{
    private static readonly XNamespace Protection = "http://schemas.asp.net/2015/03/dataProtection";

    /// <summary>Makes the ring ready.</summary>
    /// <exception cref="MasterKeyException">The master key is missing or is not the one that the ring was encrypted under.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var portal = options.Value;
        var master = MasterKey.Find(portal);
        var foreign = Foreign(master);
        if (foreign is not null && portal.ForgetKeyRing)
        {
            await ForgetAsync(ct);
            foreign = null;
        }
        if (foreign is not null) throw new MasterKeyException(Explain(portal, master, foreign));
        if (master is null)
        {
            master = MasterKey.Make(portal);
            logger.MasterKeyMade(MasterKey.PathOf(portal));
        }
        source.Key = master;
        TakeOver(portal.DataPath("keys"), new ElementEncryption(source));
        keeper.Keep();
        if (Foreign(master) is { } meanwhile) throw new MasterKeyException(Explain(portal, master, meanwhile));   // another instance began with a key of its own
    }

    /// <summary>By which master key an element was encrypted that this one cannot read; null when it reads all of them.</summary>
    private string? Foreign(MasterKey? master)
    {
        foreach (var part in ring.GetAllElements().SelectMany(e => e.Descendants(ElementEncryption.Element)))
        {
            var under = part.Attribute(ElementEncryption.Under)?.Value ?? "unknown";
            try
            {
                if (master is null || under != master.Fingerprint) return under;
                master.Decrypt(Convert.FromBase64String(part.Value));
            }
            catch (Exception exception) when (exception is CryptographicException or FormatException)
            {
                return under;
            }
        }
        return null;
    }

    private static string Explain(PortalOptions portal, MasterKey? master, string foreign) =>
        $"Portal:MasterKeyFile: the secrets in the database are encrypted under the master key {foreign}, but "
        + (master is null ? $"there is no file {MasterKey.PathOf(portal)} and Portal:MasterKey is not set. " : $"{master.Origin} holds the master key {master.Fingerprint}. ")
        + "Put the right one back, from the backup or from another instance. If it is lost for good, start once with Portal:ForgetKeyRing=true: "
        + "then signing secrets and second factors must be entered anew, and everybody signs in again.";

    private Task ForgetAsync(CancellationToken ct) => store.WriteAsync(db =>
    {
        db.KeyRing.RemoveRange(db.KeyRing.ToList());
        db.Audit(Actor.System, clock.GetUtcNow(), null, "keyRing.forgotten", "key ring");
    }, ct);

    /// <summary>The version before kept the ring in plain files.</summary>
    private void TakeOver(string directory, ElementEncryption encryption)
    {
        if (!Directory.Exists(directory)) return;
        foreach (var path in Directory.EnumerateFiles(directory, "*.xml").Order(StringComparer.Ordinal).ToList())
        {
            var element = XElement.Load(path);
            foreach (var secret in element.Descendants().Where(e => (bool?)e.Attribute(Protection + "requiresEncryption") == true).ToList())
            {
                var info = encryption.Encrypt(secret);
                secret.ReplaceWith(new XElement(Protection + "encryptedSecret", new XAttribute("decryptorType", info.DecryptorType.AssemblyQualifiedName!), info.EncryptedElement));
            }
            ring.StoreElement(element, Path.GetFileNameWithoutExtension(path));
            File.Delete(path);
            logger.KeyTakenOver(Path.GetFileName(path));
        }
        if (!Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
    }
}

/// <summary>The master key, once the start has found it.</summary>
internal sealed class MasterKeySource
{
    public MasterKey Key
    {
        get => field ?? throw new InvalidOperationException("The master key is not read yet.");
        set;
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Rewards;

namespace Portal.Core.Erasure;

/// <summary>
/// Stands in for an e-mail address that was erased: two of them are equal exactly where the fold would have taken the addresses for one
/// mailbox, so that whatever was judged by the address stays as it was judged (docs/decisions/0052-erasure.md).
/// </summary>
internal sealed partial class AddressDigest
{
    private readonly byte[] _salt;

    private AddressDigest(byte[] salt) => _salt = salt;

    /// <summary>The database's own; null as long as nobody was erased.</summary>
    public static async Task<AddressDigest?> FindAsync(PortalDb db, CancellationToken ct) =>
        await db.ErasureSalts.AsNoTracking().FirstOrDefaultAsync(ct) is { } stored ? new AddressDigest(stored.Salt) : null;

    /// <inheritdoc cref="FindAsync" />
    public static AddressDigest? Find(PortalDb db) => db.ErasureSalts.AsNoTracking().FirstOrDefault() is { } stored ? new AddressDigest(stored.Salt) : null;

    /// <summary>The database's own, made where there is none yet.</summary>
    public static AddressDigest Ensure(PortalDb db)
    {
        if (Find(db) is { } there) return there;
        var salt = RandomNumberGenerator.GetBytes(32);
        db.ErasureSalts.Add(new ErasureSalt { Salt = salt });
        return new AddressDigest(salt);
    }

    /// <summary>The digest of an address.</summary>
    public string Of(string address) => Convert.ToHexStringLower(HMACSHA256.HashData(_salt, Encoding.UTF8.GetBytes(SelfReferral.Normalize(address))).AsSpan(0, 16));

    /// <summary>Every e-mail address that stands somewhere in a JSON text.</summary>
    public static IEnumerable<string> AddressesIn(string text) => Address().Matches(Escape().Replace(text, m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString())).Select(m => m.Value).Distinct();

    [GeneratedRegex(@"\\u([0-9A-Fa-f]{4})")]
    private static partial Regex Escape();

    [GeneratedRegex(@"[^\s""'<>()\[\]{},;:\\/@=]{1,200}@[^\s""'<>()\[\]{},;:\\/@=]{1,200}")]
    private static partial Regex Address();
}

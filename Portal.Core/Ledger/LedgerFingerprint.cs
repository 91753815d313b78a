using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Rewards;

namespace Portal.Core.Ledger;

/// <summary>A fingerprint of what stands.</summary>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
/// <param name="Rewards">How many rewards it covers.</param>
public sealed record LedgerHash(string Hash, long Rewards);

/// <summary>A reward as the fingerprint takes it.</summary>
internal readonly record struct FingerprintLine(string Key, int RevisionNumber, string Currency, long Earned, long Reversed);

/// <summary>
/// The SHA-256 over what stands: each reward's key (code, referral, component, invoice, currency), revision, currency, earned and reversed,
/// one line each in the order of the keys' bytes. Nothing in it depends on the clock or on the order of arrival.
/// </summary>
internal sealed class LedgerFingerprint : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _rewards;

    /// <summary>The rewards that earned anything, in the order of the fingerprint.</summary>
    public static IQueryable<FingerprintLine> Lines(PortalDb db, PortalEnvironment environment) =>
        db.Rewards.Where(r => r.Environment == environment && r.Earned > 0).OrderBy(r => r.Key)
            .Select(r => new FingerprintLine(r.Key, r.RevisionNumber, r.Currency, r.Earned, r.Reversed));

    /// <summary>The fingerprint of what stands in an environment.</summary>
    public static async Task<LedgerHash> OfAsync(PortalDb db, PortalEnvironment environment, CancellationToken ct)
    {
        using var fingerprint = new LedgerFingerprint();
        await foreach (var line in Lines(db, environment).AsAsyncEnumerable().WithCancellation(ct)) fingerprint.Add(line);
        return fingerprint.Close();
    }

    /// <summary>Takes the next reward; one that earned nothing is no part of it.</summary>
    public void Add(FingerprintLine r)
    {
        if (r.Earned == 0) return;
        _hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{r.Key}\t{r.RevisionNumber}\t{r.Currency}\t{r.Earned}\t{r.Reversed}\n")));
        _rewards++;
    }

    /// <summary>The fingerprint of all that was added.</summary>
    public LedgerHash Close() => new(Convert.ToHexStringLower(_hash.GetHashAndReset()), _rewards);

    /// <inheritdoc />
    public void Dispose() => _hash.Dispose();
}

using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Referrers;

/// <summary>Where a referrer wants to be paid, as far as it is shown.</summary>
/// <param name="Method">One of <see cref="PayoutMethods.All"/>.</param>
/// <param name="Hint">Enough of the account to be recognised.</param>
/// <param name="UpdatedAt">When it was said last.</param>
public sealed record PayoutHint(string Method, string Hint, DateTimeOffset UpdatedAt);

/// <summary>Where a referrer wants to be paid, for whoever pays.</summary>
/// <param name="Method">One of <see cref="PayoutMethods.All"/>.</param>
/// <param name="Account">The account; null where it cannot be decrypted, because the key ring is gone.</param>
public sealed record PayoutAccount(string Method, string? Account);

/// <summary>Keeps where referrers want to be paid: encrypted, each bound to its referrer, shown as a hint, and revealed to whoever pays only.</summary>
public sealed class PayoutDetailsBook(PortalStore store, IDataProtectionProvider protection, TimeProvider clock)
{
    private const int AtOnce = 500;

    private readonly IDataProtector _protector = protection.CreateProtector("Portal.PayoutDetails");

    /// <summary>What a referrer said; null where nothing was said.</summary>
    public async Task<PayoutHint?> FindAsync(PortalEnvironment environment, string productUserId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await (from referrer in db.Referrers
                      where referrer.Environment == environment && referrer.ProductUserId == productUserId
                      join details in db.PayoutDetails on referrer.Id equals details.ReferrerId
                      select new PayoutHint(details.Method, details.Hint, details.UpdatedAt)).SingleOrDefaultAsync(ct);
    }

    /// <summary>Takes what a referrer says in the place of what was said before. The log learns the method only: what is in it can never be erased.</summary>
    public async Task<Outcome<PayoutHint>> SetAsync(PortalEnvironment environment, string productUserId, string? method, string? account, Actor actor, CancellationToken ct)
    {
        if (!PayoutMethods.Read(method, account).TryGet(out var text, out var problem)) return problem;
        return await store.WriteAsync<Outcome<PayoutHint>>(db =>
        {
            if (db.Referrers.SingleOrDefault(r => r.Environment == environment && r.ProductUserId == productUserId) is not { } referrer)
                return new Problem("notBooted", "The component was never booted for this user.", Kind: ProblemKind.Missing);
            if (referrer.ErasedAt is not null) return new Problem("personErased", "This user's personal data was erased, and none is taken in again.", Kind: ProblemKind.Conflict);
            var (now, hint, kept) = (clock.GetUtcNow(), PayoutMethods.Hint(method!, text), Protector(referrer.Id).Protect(text));
            var details = db.PayoutDetails.SingleOrDefault(d => d.ReferrerId == referrer.Id);
            db.Audit(actor, now, environment, "payoutDetails.changed", productUserId, details?.Method, method);
            if (details is null) db.PayoutDetails.Add(new PayoutDetails { ReferrerId = referrer.Id, Method = method!, ProtectedAccount = kept, Hint = hint, UpdatedAt = now });
            else (details.Method, details.ProtectedAccount, details.Hint, details.UpdatedAt) = (method!, kept, hint, now);
            return new PayoutHint(method!, hint, now);
        }, ct);
    }

    /// <summary>The accounts of some referrers, by their ids of ours: for the file by which they are paid.</summary>
    public async Task<IReadOnlyDictionary<long, PayoutAccount>> RevealAsync(IReadOnlyCollection<long> referrers, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var found = new Dictionary<long, PayoutAccount>();
        foreach (var some in referrers.Distinct().Chunk(AtOnce))
        {
            foreach (var details in await db.PayoutDetails.Where(d => some.Contains(d.ReferrerId)).ToListAsync(ct)) found[details.ReferrerId] = new PayoutAccount(details.Method, Reveal(details));
        }
        return found;
    }

    private string? Reveal(PayoutDetails details)
    {
        try
        {
            return Protector(details.ReferrerId).Unprotect(details.ProtectedAccount);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Protector(long referrer) => _protector.CreateProtector(referrer.ToString(CultureInfo.InvariantCulture));
}

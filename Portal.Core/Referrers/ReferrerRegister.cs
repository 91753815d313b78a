using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Erasure;
using Portal.Core.Pipeline;

namespace Portal.Core.Referrers;

/// <summary>Who refers, as the API and pages see it.</summary>
/// <param name="Id">Our id; the list's cursor.</param>
/// <param name="ProductUserId">The product's id of the user.</param>
/// <param name="Ucc">The referral code.</param>
/// <param name="Email">E-mail address, if given.</param>
/// <param name="FirstName">First name, if given.</param>
/// <param name="LastName">Last name, if given.</param>
/// <param name="CampaignId">The campaign whose rules the code follows.</param>
/// <param name="CreatedAt">When the portal first heard of the referrer.</param>
public sealed record ReferrerRow(
    long Id, string ProductUserId, string Ucc, string? Email, string? FirstName, string? LastName, string CampaignId, DateTimeOffset CreatedAt);

/// <summary>What is given to make a referrer known.</summary>
public sealed record NewReferrer(string? ProductUserId, string? Email, string? FirstName, string? LastName, string? Ucc);

/// <summary>Makes referrers known and gives them their codes.</summary>
public sealed class ReferrerRegister(PortalStore store, InboxSignal signal, TimeProvider clock)
{
    /// <summary>Characters of a generated code.</summary>
    public const int CodeLength = 11;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A well-formed code: 4 to 32 ASCII letters and digits.</summary>
    public static bool IsCode(string? code) => code is { Length: >= 4 and <= 32 } && code.All(char.IsAsciiLetterOrDigit);

    /// <summary>
    /// Creates the referrer, or returns the one who is there. A given code is kept if it is free and well formed. Payments that
    /// already carry the code are folded again.
    /// </summary>
    /// <returns>The referrer, and whether it is new; problems <c>invalidField</c>, <c>codeTaken</c>, <c>codeDiffers</c>.</returns>
    public async Task<Outcome<ReferrerAdded>> AddAsync(PortalEnvironment environment, NewReferrer given, Actor actor, CancellationToken ct)
    {
        if (Check(given) is { } problem) return problem;
        var outcome = await store.WriteAsync(db => Add(db, environment, given, actor), ct);
        if (outcome.TryGet(out _, out _)) signal.Wake();
        return outcome;
    }

    /// <summary>Referrers, oldest first.</summary>
    /// <param name="environment">Whose.</param>
    /// <param name="productUserId">Only this one, if given.</param>
    /// <param name="ucc">Only the owner of this code, if given.</param>
    /// <param name="text">Only those whose code, id, e-mail address or name begins so, if given.</param>
    /// <param name="after">Only those after this id.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="ct">Ends the query.</param>
    public async Task<IReadOnlyList<ReferrerRow>> FindAsync(
        PortalEnvironment environment, string? productUserId, string? ucc, string? text, long after, int limit, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var codes = db.ReferralCodes.AsQueryable();
        if (await ReferrerWords.MatchAsync(db, environment, text, ct) is { } named) codes = codes.Where(c => named.Contains(c.ReferrerId));
        return await codes
            .Where(c => c.Environment == environment && c.Id > after
                && (productUserId == null || c.Referrer!.ProductUserId == productUserId) && (ucc == null || c.Code == ucc))
            .OrderBy(c => c.Id).Take(limit)
            .Select(c => new ReferrerRow(c.Id, c.Referrer!.ProductUserId, c.Code, c.Referrer.Email, c.Referrer.FirstName, c.Referrer.LastName, c.CampaignId, c.Referrer.CreatedAt))
            .ToListAsync(ct);
    }

    private static Problem? Check(NewReferrer given)
    {
        if (string.IsNullOrWhiteSpace(given.ProductUserId) || given.ProductUserId.Length > 255)
            return new Problem("invalidField", "productUserId is required: the product's id of the user, a string of 1 to 255 characters.", "productUserId");
        if (given.Ucc is not null && !IsCode(given.Ucc))
            return new Problem("invalidField", "ucc must be 4 to 32 letters (A-Z, a-z) and digits.", "ucc");
        if (given.Email is { } email && (email.Length > 254 || !email.Contains('@', StringComparison.Ordinal)))
            return new Problem("invalidField", "email must be an e-mail address of at most 254 characters.", "email");
        if (given.FirstName?.Length > 200) return new Problem("invalidField", "firstName must have at most 200 characters.", "firstName");
        if (given.LastName?.Length > 200) return new Problem("invalidField", "lastName must have at most 200 characters.", "lastName");
        return null;
    }

    private Outcome<ReferrerAdded> Add(PortalDb db, PortalEnvironment environment, NewReferrer given, Actor actor)
    {
        var mark = ErasedPeople.ErasedMarkOf(db, environment, given.Email);
        if (mark is not null) given = given with { Email = null, FirstName = null, LastName = null };
        var existing = db.ReferralCodes.Include(c => c.Referrer)
            .SingleOrDefault(c => c.Environment == environment && c.Referrer!.ProductUserId == given.ProductUserId && c.CampaignId == Campaign.Default);
        if (existing is not null)
        {
            if (given.Ucc is not null && given.Ucc != existing.Code)
                return new Problem("codeDiffers", $"{given.ProductUserId} already has the code {existing.Code}; a code never changes.", "ucc", ProblemKind.Conflict);
            var known = existing.Referrer!;
            if (known.ErasedAt is not null) return new ReferrerAdded(Row(known, existing), false);   // nothing personal is taken in again
            if (given.Email is not null && given.Email != known.Email)   // who refers whom by one mailbox is judged by it
                db.RefoldRequests.Add(new RefoldRequest { Environment = environment, CauseKind = RefoldRequest.OfCode, CauseId = existing.Code, RequestedAt = clock.GetUtcNow() });
            (known.Email, known.FirstName, known.LastName) = (given.Email ?? known.Email, given.FirstName ?? known.FirstName, given.LastName ?? known.LastName);
            return new ReferrerAdded(Row(known, existing), false);
        }
        if (given.Ucc is not null && db.ReferralCodes.Any(c => c.Environment == environment && c.Code == given.Ucc))
            return new Problem("codeTaken", $"The code {given.Ucc} belongs to another referrer.", "ucc", ProblemKind.Conflict);

        var now = clock.GetUtcNow();
        var code = new ReferralCode { Environment = environment, Code = given.Ucc ?? FreeCode(db, environment), CampaignId = Campaign.Default, CreatedAt = now };
        var referrer = new Referrer
        {
            Environment = environment,
            ProductUserId = given.ProductUserId!,
            Email = given.Email,
            AddressMark = mark,
            FirstName = given.FirstName,
            LastName = given.LastName,
            CreatedAt = now,
            Codes = [code],
        };
        db.Referrers.Add(referrer);
        db.RefoldRequests.Add(new RefoldRequest { Environment = environment, CauseKind = "code", CauseId = code.Code, RequestedAt = now });
        db.Audit(actor, now, environment, "referrer.created", referrer.ProductUserId, after: $"ucc {code.Code}");
        db.SaveChanges();
        return new ReferrerAdded(Row(referrer, code), true);
    }

    private static string FreeCode(PortalDb db, PortalEnvironment environment)
    {
        while (true)
        {
            var code = RandomNumberGenerator.GetString(Alphabet, CodeLength);
            if (!db.ReferralCodes.Any(c => c.Environment == environment && c.Code == code)) return code;
        }
    }

    private static ReferrerRow Row(Referrer referrer, ReferralCode code) =>
        new(code.Id, referrer.ProductUserId, code.Code, referrer.Email, referrer.FirstName, referrer.LastName, code.CampaignId, referrer.CreatedAt);
}

/// <summary>A referrer who was asked for.</summary>
/// <param name="Referrer">The referrer.</param>
/// <param name="IsNew">Whether the portal knew nothing of it before.</param>
public sealed record ReferrerAdded(ReferrerRow Referrer, bool IsNew);

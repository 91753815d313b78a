using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Products;
using Portal.Core.Referrers;
using Portal.Core.Rewards;
using Portal.Core.Sources.Auto;
using Portal.Core.Visits;

namespace Portal.Core.Component;

/// <summary>
/// What a user of a product does in the referral component: becomes a referrer by its first boot, and is active by opening and sharing.
/// A boot of somebody of whom all is known already writes nothing.
/// </summary>
public sealed class ComponentDesk(PortalStore store, ReferrerRegister register, IIntake intake, TimeProvider clock)
{
    /// <summary>Boots the component for a user whose token was right.</summary>
    /// <returns>Problems: <c>countryNotSupported</c>, and those of <see cref="ReferrerRegister.AddAsync"/>.</returns>
    public async Task<Outcome<Booted>> BootAsync(ProductProfile product, string productUserId, BootRequest request, CancellationToken ct)
    {
        if (RefuseCountry(product.Settings, request.Country) is { } foreign) return foreign;
        var details = request.ProductUserDetails ?? UserDetails.None;
        var (first, last) = details.Names();
        var known = await FindAsync(product.Environment, productUserId, ct);
        if (known is null || !known.Knows(details.Address, first, last))
        {
            // The token says who it is; what the page adds to it is believed only where nothing is known: an address decides who referred themselves.
            var given = new NewReferrer(productUserId, known?.Email is null ? details.Address : null, first, last, null);
            if (!(await register.AddAsync(product.Environment, given, Of(productUserId), ct)).TryGet(out _, out var problem)) return problem;
            known = await FindAsync(product.Environment, productUserId, ct) ?? throw new InvalidOperationException("A referrer who was added is not there.");
        }
        if (known.BootedAt is null)
        {
            if (product.Settings.AutoAttribution && known.ErasedAt is null) await NoticeAsync(product.Environment, productUserId, known, request.Referral?.Ucc, ct);
            var now = clock.GetUtcNow();   // after the event: whoever is interrupted in between boots for the first time again, and the event is known by its id
            await store.WriteAsync(db => db.Referrers.Where(r => r.Id == known.Id && r.BootedAt == null).ExecuteUpdate(set => set.SetProperty(r => r.BootedAt, now)), ct);
        }
        return new Booted(known.Code, await OfferAsync(product.Environment, known.CampaignId, ct), await NewsAsync(product.Environment, known, ct));
    }

    /// <summary>What a campaign promises to whoever is referred now.</summary>
    public async Task<CampaignOffer> OfferAsync(PortalEnvironment environment, string campaignId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return CampaignOffer.Of((await CampaignRevisions.HistoryAsync(db, environment, campaignId, ct)).BindingAt(clock.GetUtcNow()).Terms);
    }

    /// <summary>Notes that a user opened the component, or shared the link: the first time only.</summary>
    /// <returns>False where the component was never booted for this user.</returns>
    public async Task<bool> NoteAsync(PortalEnvironment environment, string productUserId, bool shared, CancellationToken ct)
    {
        await using (var db = store.OpenRead())
        {
            var seen = await db.Referrers.Where(r => r.Environment == environment && r.ProductUserId == productUserId).Select(r => new { r.OpenedAt, r.SharedAt }).SingleOrDefaultAsync(ct);
            if (seen is null) return false;
            if ((shared ? seen.SharedAt : seen.OpenedAt) is not null) return true;
        }
        var now = clock.GetUtcNow();
        await store.WriteAsync(db =>
        {
            var user = db.Referrers.Where(r => r.Environment == environment && r.ProductUserId == productUserId);
            if (shared) user.Where(r => r.SharedAt == null).ExecuteUpdate(set => set.SetProperty(r => r.SharedAt, now));
            else user.Where(r => r.OpenedAt == null).ExecuteUpdate(set => set.SetProperty(r => r.OpenedAt, now));
        }, ct);
        return true;
    }

    /// <summary>The user, as the audit log names somebody who acts in the component. Without an address: what is in the log can never be erased.</summary>
    public static Actor Of(string productUserId) => new($"referrer:{productUserId}", null);

    private static Problem? RefuseCountry(ProductSettings settings, string? country)
    {
        if (string.IsNullOrWhiteSpace(country)) return null;
        var named = country.Trim().ToUpperInvariant();
        if (named.Length != 2 || !named.All(char.IsAsciiLetterUpper)) return new Problem("invalidField", "country must be two letters such as DE (ISO 3166-1 alpha-2).", "country");
        return settings.PayoutCountries.Count == 0 || settings.PayoutCountries.Contains(named) ? null
            : new Problem("countryNotSupported", $"Rewards cannot be paid out to {named}, so the referral component is not shown.", "country");
    }

    /// <summary>Keeps the cookie of an invite link as a signup, where its code is somebody else's.</summary>
    private async Task NoticeAsync(PortalEnvironment environment, string productUserId, Known known, string? code, CancellationToken ct)
    {
        if (!ReferrerRegister.IsCode(code)) return;
        await using (var db = store.OpenRead())
        {
            var owner = await db.ReferralCodes.Where(c => c.Environment == environment && c.Code == code && c.DisabledAt == null).Select(c => (long?)c.ReferrerId).SingleOrDefaultAsync(ct);
            if (owner is null || owner == known.Id) return;
        }
        var now = clock.GetUtcNow();
        var body = AutoSignup.Body(productUserId, known.Email, $"{known.FirstName} {known.LastName}".Trim() is { Length: > 0 } name ? name : null, code!, now);
        await intake.AcceptAsync(new IncomingDelivery
        {
            Environment = environment,
            Source = AutoSignup.Source,
            ReceivedAt = now,
            Body = body,
            BodySha256 = SHA256.HashData(body),
            Envelope = AutoSignup.Envelope(productUserId, now),
        });
    }

    private async Task<string?> NewsAsync(PortalEnvironment environment, Known known, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var reward = await db.Rewards.Where(r => r.Environment == environment && r.ReferrerId == known.Id).OrderByDescending(r => r.Id).Select(r => (long?)r.Id).FirstOrDefaultAsync(ct);
        var day = await db.LinkViews.Where(v => v.Environment == environment && v.Code == known.Code).MaxAsync(v => (int?)v.Day, ct);
        return reward is null && day is null ? null : string.Create(CultureInfo.InvariantCulture, $"{reward ?? 0}.{day ?? 0}");
    }

    private async Task<Known?> FindAsync(PortalEnvironment environment, string productUserId, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.ReferralCodes
            .Where(c => c.Environment == environment && c.Referrer!.ProductUserId == productUserId && c.CampaignId == Campaign.Default)
            .Select(c => new Known(c.ReferrerId, c.Code, c.CampaignId, c.Referrer!.Email, c.Referrer.FirstName, c.Referrer.LastName, c.Referrer.AddressMark, c.Referrer.BootedAt, c.Referrer.ErasedAt))
            .SingleOrDefaultAsync(ct);
    }

    private sealed record Known(
        long Id, string Code, string CampaignId, string? Email, string? FirstName, string? LastName, string? AddressMark, DateTimeOffset? BootedAt, DateTimeOffset? ErasedAt)
    {
        /// <summary>Whether there is nothing to learn from these details; of an erased person nothing is learned.</summary>
        public bool Knows(string? email, string? first, string? last) =>
            ErasedAt is not null || AddressMark is not null || ((email is null || Email is not null) && (first is null || first == FirstName) && (last is null || last == LastName));
    }
}

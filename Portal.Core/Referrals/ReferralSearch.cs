using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Referrers;

namespace Portal.Core.Referrals;

/// <summary>What to look for among the referrals. A filter that is null is not applied.</summary>
public sealed record ReferralQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>
    /// A new user, referral code, customer, invoice, payment intent or charge by its whole id, or an e-mail address; where it names nothing,
    /// the beginning of a new user's id or address.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>The product's id of the referred person, exactly.</summary>
    public string? NewUserId { get; init; }

    /// <summary>The code that won.</summary>
    public string? Ucc { get; init; }

    /// <summary>Our id of who is credited.</summary>
    public long? ReferrerId { get; init; }

    /// <summary>Whether somebody is credited.</summary>
    public bool? IsAttributed { get; init; }

    /// <summary>Why nobody is credited.</summary>
    public string? Reason { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Whether anything but the environment restricts it.</summary>
    public bool IsFiltered => (Text ?? NewUserId ?? Ucc ?? Reason) is not null || ReferrerId is not null || IsAttributed is not null;
}

/// <summary>A referred person, as the last fold found it.</summary>
/// <param name="Id">Our id.</param>
/// <param name="NewUserId">The product's id of the person.</param>
/// <param name="Email">Newest e-mail address.</param>
/// <param name="Referrer">The product's id of who is credited; null when nobody is.</param>
/// <param name="Ucc">The code that won.</param>
/// <param name="AttributedAt">When that became known.</param>
/// <param name="SignedUpAt">The signup.</param>
/// <param name="FirstPaidAt">The first payment above zero.</param>
/// <param name="RevisionNumber">The revision that binds.</param>
/// <param name="Reason">Why nobody is credited.</param>
/// <param name="Kind">Whether it is of a person or of an organisation, whose id <paramref name="NewUserId"/> is then.</param>
public sealed record ReferralRow(
    long Id, string NewUserId, string? Email, string? Referrer, string? Ucc, DateTimeOffset? AttributedAt, DateTimeOffset? SignedUpAt,
    DateTimeOffset? FirstPaidAt, int? RevisionNumber, string? Reason, [property: JsonIgnore] IdentityKind Kind)
{
    /// <summary>The same as a word.</summary>
    public string IdentityKind => Kind.Word();
}

/// <summary>Finds referrals, newest first.</summary>
public sealed class ReferralSearch(PortalStore store)
{
    private const int MostByPrefix = 1_000;

    internal const string EmailLower = nameof(EmailLower);

    /// <summary>One page.</summary>
    public async Task<Page<ReferralRow>> FindAsync(ReferralQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var wanted = await ResolveAsync(db, query, ct);
        var rows = await Rows(db, Build(db, query, wanted).Take(Keyset.Ask(query.Limit))).ToListAsync(ct);
        return Keyset.Cut(rows, query.Limit, query.Direction, query.Cursor, r => r.Id);
    }

    /// <summary>The query, in the order of reading.</summary>
    internal static IQueryable<Referral> Build(PortalDb db, ReferralQuery query, List<long>? wanted)
    {
        var referrals = db.Referrals.Where(r => r.Environment == query.Environment);
        if (query.NewUserId is { } user) referrals = referrals.Where(r => r.NewUserId == user);
        if (query.Ucc is { } ucc) referrals = referrals.Where(r => r.Code == ucc);
        if (query.ReferrerId is { } referrer) referrals = referrals.Where(r => r.ReferrerId == referrer);
        if (query.IsAttributed == true) referrals = referrals.Where(r => r.Reason == null);
        if (query.IsAttributed == false) referrals = referrals.Where(r => r.Reason != null);
        if (query.Reason is { } reason) referrals = referrals.Where(r => r.Reason == reason);
        if (wanted is not null) referrals = referrals.Where(r => wanted.Contains(r.Id));
        // The id is always bounded: without a bound SQLite takes the index of all referrals and looks through it for the few of a rare code.
        if (query.Direction == PageDirection.Newer)
        {
            var after = query.Cursor ?? 0;
            return referrals.Where(r => r.Id > after).OrderBy(r => r.Id);
        }
        var below = query.Cursor ?? long.MaxValue;
        return referrals.Where(r => r.Id < below).OrderByDescending(r => r.Id);
    }

    internal static IQueryable<ReferralRow> Rows(PortalDb db, IQueryable<Referral> referrals)
    {
        var referrers = db.Referrers;
        return referrals.Select(r => new ReferralRow(
            r.Id, r.NewUserId, r.Email, referrers.Where(x => x.Id == r.ReferrerId).Select(x => x.ProductUserId).FirstOrDefault(), r.Code,
            r.AttributedAt, r.SignedUpAt, r.FirstPaidAt, r.RevisionNumber, r.Reason, r.IdentityKind));
    }

    /// <summary>The referrals that the text names; null where there is no text. Only a text that names nothing is a beginning.</summary>
    internal static async Task<List<long>?> ResolveAsync(PortalDb db, ReferralQuery query, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(query.Text)) return null;
        var (environment, text) = (query.Environment, query.Text.Trim());
        var referrals = db.Referrals.Where(r => r.Environment == environment);
        var lower = string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c));   // as the database's lower does it
        var found = await referrals.Where(r => r.NewUserId == text).Select(r => r.Id).ToListAsync(ct);
        found.AddRange(await referrals.Where(r => r.Code == text).OrderByDescending(r => r.Id).Select(r => r.Id).Take(MostByPrefix).ToListAsync(ct));
        found.AddRange(await referrals.Where(r => EF.Property<string>(r, EmailLower) == lower).Select(r => r.Id).Take(MostByPrefix).ToListAsync(ct));
        foreach (var who in (await IdentitiesOfAsync(db, environment, text, ct)).GroupBy(i => i.Kind))
        {
            var ids = who.Select(i => i.Id).ToList();
            found.AddRange(await referrals.Where(r => r.IdentityKind == who.Key && ids.Contains(r.NewUserId)).Select(r => r.Id).ToListAsync(ct));
        }
        if (found.Count > 0) return [.. found.Distinct()];
        foreach (var beginning in Beginnings(referrals, text, lower)) found.AddRange(await beginning.Take(MostByPrefix).ToListAsync(ct));
        return [.. found.Distinct()];
    }

    internal static IReadOnlyList<IQueryable<long>> Beginnings(IQueryable<Referral> referrals, string text, string lower)
    {
        var (end, lowerEnd) = (text + '\uFFFF', lower + '\uFFFF');
        return
        [
            referrals.Where(r => string.Compare(r.NewUserId, text) >= 0 && string.Compare(r.NewUserId, end) < 0).OrderBy(r => r.NewUserId).Select(r => r.Id),
            referrals.Where(r => string.Compare(EF.Property<string>(r, EmailLower), lower) >= 0 && string.Compare(EF.Property<string>(r, EmailLower), lowerEnd) < 0)
                .OrderBy(r => EF.Property<string>(r, EmailLower)).Select(r => r.Id),
        ];
    }

    /// <summary>Whose a customer is, or the customers of a payment object, or of a person whose organisation was referred.</summary>
    private static async Task<List<Identity>> IdentitiesOfAsync(PortalDb db, PortalEnvironment environment, string text, CancellationToken ct)
    {
        const int most = 200;
        IQueryable<StoredFact>[] named =
        [
            db.Facts.Where(f => f.CustomerId == text && f.Environment == environment),
            db.Facts.Where(f => f.InvoiceId == text && f.Environment == environment),
            db.Facts.Where(f => f.PaymentIntentId == text && f.Environment == environment),
            db.Facts.Where(f => f.ChargeId == text && f.Environment == environment),
        ];
        var customers = new HashSet<(string Scope, string Id)>();
        foreach (var facts in named)
        {
            foreach (var f in await facts.Where(f => f.CustomerId != null).Select(f => new { f.Scope, f.CustomerId }).Take(most).ToListAsync(ct))
                customers.Add((f.Scope, f.CustomerId!));
        }
        var keys = await db.Customers.Where(c => c.Environment == environment && c.NewUserId == text && c.IdentityKey != null).Select(c => c.IdentityKey!).Take(most).ToListAsync(ct);
        foreach (var (scope, id) in customers)
            keys.AddRange(await db.Customers.Where(c => c.Environment == environment && c.Scope == scope && c.CustomerId == id && c.IdentityKey != null).Select(c => c.IdentityKey!).ToListAsync(ct));
        return [.. keys.Distinct().Select(key => key.Split(':', 2)).Select(key => new Identity(EnumWord<IdentityKind>.Read(key[0]), key[1]))];
    }
}

/// <summary>The column and indexes by which referrals are listed and found.</summary>
internal sealed class ReferralListMap : IEntityTypeConfiguration<Referral>
{
    public void Configure(EntityTypeBuilder<Referral> referral)
    {
        referral.Property<string>(ReferralSearch.EmailLower).IsRequired(false).HasComputedColumnSql("lower(email)");
        referral.HasIndex(nameof(Referral.Environment), ReferralSearch.EmailLower);
        referral.HasIndex(r => new { r.Environment, r.Id });                                                                       // the list
        referral.HasIndex(r => new { r.Environment, r.Reason, r.Id });                                                             // credited, or not for one reason
        referral.HasIndex(r => new { r.Environment, r.Id }, "ix_referrals_not_attributed").HasFilter("reason IS NOT NULL");        // … for any
    }
}

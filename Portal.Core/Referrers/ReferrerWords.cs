using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Core.Data;

namespace Portal.Core.Referrers;

/// <summary>
/// Finds referrers by the beginning of what they are called: code, product's id, e-mail address, whole name or last name. Codes and ids
/// are told apart by case, addresses and names are not (of the letters A to Z).
/// </summary>
internal static class ReferrerWords
{
    /// <summary>The most that one way of naming finds: a beginning that short is no name yet.</summary>
    public const int MostByPrefix = 1_000;

    internal const string EmailLower = nameof(EmailLower);
    internal const string NameLower = nameof(NameLower);
    internal const string LastNameLower = nameof(LastNameLower);

    /// <summary>The ids of those whom the text may name; null where there is no text.</summary>
    public static async Task<List<long>?> MatchAsync(PortalDb db, PortalEnvironment environment, string? text, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var found = new HashSet<long>();
        foreach (var way in Ways(db, environment, text.Trim())) found.UnionWith(await way.Take(MostByPrefix).ToListAsync(ct));
        return [.. found];
    }

    /// <summary>One query for each way of naming, each along its own index.</summary>
    internal static IReadOnlyList<IQueryable<long>> Ways(PortalDb db, PortalEnvironment environment, string text)
    {
        var (end, lower) = (text + '\uFFFF', Lower(text));
        var referrers = db.Referrers.Where(r => r.Environment == environment);
        return
        [
            db.ReferralCodes.Where(c => c.Environment == environment && string.Compare(c.Code, text) >= 0 && string.Compare(c.Code, end) < 0)
                .OrderBy(c => c.Code).Select(c => c.ReferrerId),
            referrers.Where(r => string.Compare(r.ProductUserId, text) >= 0 && string.Compare(r.ProductUserId, end) < 0)
                .OrderBy(r => r.ProductUserId).Select(r => r.Id),
            Beginning(referrers, EmailLower, lower),
            Beginning(referrers, NameLower, lower),
            Beginning(referrers, LastNameLower, lower),
        ];
    }

    private static IQueryable<long> Beginning(IQueryable<Referrer> referrers, string column, string text)
    {
        var end = text + '\uFFFF';
        return referrers.Where(r => string.Compare(EF.Property<string>(r, column), text) >= 0 && string.Compare(EF.Property<string>(r, column), end) < 0)
            .OrderBy(r => EF.Property<string>(r, column)).Select(r => r.Id);
    }

    /// <summary>As the database's <c>lower</c> does it.</summary>
    private static string Lower(string text) => string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c));
}

/// <summary>The columns and indexes by which referrers are listed and found: computed, so that nobody has to keep them.</summary>
internal sealed class ReferrerWordsMap : IEntityTypeConfiguration<Referrer>
{
    public void Configure(EntityTypeBuilder<Referrer> referrer)
    {
        const string environment = nameof(Referrer.Environment);
        referrer.Property<string>(ReferrerWords.EmailLower).IsRequired(false).HasComputedColumnSql("lower(email)");
        referrer.Property<string>(ReferrerWords.NameLower).IsRequired(false).HasComputedColumnSql("lower(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')))");
        referrer.Property<string>(ReferrerWords.LastNameLower).IsRequired(false).HasComputedColumnSql("lower(last_name)");
        referrer.HasIndex(environment, ReferrerWords.EmailLower);
        referrer.HasIndex(environment, ReferrerWords.NameLower);
        referrer.HasIndex(environment, ReferrerWords.LastNameLower);
        referrer.HasIndex(r => new { r.Environment, r.Id });                         // the list
    }
}

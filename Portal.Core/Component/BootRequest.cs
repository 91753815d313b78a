namespace Portal.Core.Component;

/// <summary>What the component is booted with, beside the token. Everything may be absent.</summary>
public sealed record BootRequest
{
    /// <summary>Who the user is.</summary>
    public UserDetails? ProductUserDetails { get; init; }

    /// <summary>Where the user is paid, ISO 3166-1 in two letters.</summary>
    public string? Country { get; init; }

    /// <summary>The language that the page asks for.</summary>
    public string? Language { get; init; }

    /// <summary>What an invite link left in the page's cookies.</summary>
    public LeftReferral? Referral { get; init; }
}

/// <summary>Who the user is, as the product's page says it.</summary>
/// <param name="Email">E-mail address.</param>
/// <param name="FirstName">First name.</param>
/// <param name="LastName">Last name.</param>
/// <param name="FullName">Both, where the product does not know them apart.</param>
public sealed record UserDetails(string? Email, string? FirstName, string? LastName, string? FullName)
{
    /// <summary>Nothing is said.</summary>
    public static readonly UserDetails None = new(null, null, null, null);

    /// <summary>First and last name; a name that came whole is parted at its first blank.</summary>
    public (string? First, string? Last) Names()
    {
        if (Text(FirstName) is not null || Text(LastName) is not null) return (Text(FirstName), Text(LastName));
        var parts = Text(FullName)?.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return (parts.ElementAtOrDefault(0), parts.ElementAtOrDefault(1));
    }

    /// <summary>The address, trimmed.</summary>
    public string? Address => Text(Email);

    /// <summary>Without what no name and no address has: a database may refuse it.</summary>
    private static string? Text(string? value) => value is not null && string.Concat(value.Where(c => !char.IsControl(c))).Trim() is { Length: > 0 } text ? text : null;
}

/// <summary>What an invite link left.</summary>
/// <param name="Ucc">The code in the cookie <c>cello-referral</c>.</param>
public sealed record LeftReferral(string? Ucc);

/// <summary>A boot that went well.</summary>
/// <param name="Code">The user's own referral code.</param>
/// <param name="Offer">What the campaign promises to new referrals.</param>
/// <param name="News">Changes whenever there is something to look at, such as a reward or a visitor; null where there never was.</param>
public sealed record Booted(string Code, CampaignOffer Offer, string? News);

namespace Portal.Core.Products;

/// <summary>What settings must be like, each fault with the field's name and what would be right.</summary>
public static class ProductRules
{
    private static readonly string[] Sources = ["stripe", "chargebee", "api"];

    /// <summary>Whom the attribution script asks before it sets a cookie.</summary>
    public static readonly IReadOnlyList<string> ConsentModes = ["none", "oneTrust", "cookiebot", "custom"];

    /// <summary>The first fault; null for none.</summary>
    public static Problem? Refuse(ProductSettings settings)
    {
        if (settings.Name.Length > 80) return Wrong("name", "must have at most 80 characters");
        if (settings.LandingPage is { } page && !IsPage(page)) return Wrong("landingPage", "must be an absolute URL that begins with https:// or http://");
        if (settings.CookieDays is < 1 or > 400) return Wrong("cookieDays", "must be 1 to 400");
        if (!ConsentModes.Contains(settings.Consent)) return Wrong("consent", $"must be one of {string.Join(", ", ConsentModes)}");
        if (settings.BannerLink is { } link && !IsPage(link)) return Wrong("bannerLink", "must be an absolute URL that begins with https:// or http://");
        if (settings.BannerLabel is { Length: > 40 }) return Wrong("bannerLabel", "must have at most 40 characters");
        if (settings.TokenHours is < 1 or > 8760) return Wrong("tokenHours", "must be 1 to 8760, or empty");
        if (settings.Origins.Count > 20 || settings.Origins.Any(o => !IsOrigin(o))) return Wrong("origins", "must be at most 20 origins such as https://app.example.com");
        if (settings.PayoutCountries.Count > 250 || settings.PayoutCountries.Any(c => c.Length != 2 || !c.All(char.IsAsciiLetterUpper))) return Wrong("payoutCountries", "must be countries in two capital letters such as DE");
        if (!Sources.Contains(settings.SignupSource)) return Wrong("signupSource", $"must be one of {string.Join(", ", Sources)}");
        if (!Sources.Contains(settings.PurchaseSource)) return Wrong("purchaseSource", $"must be one of {string.Join(", ", Sources)}");
        if (settings.Component.Position is not ("bottomRight" or "bottomLeft")) return Wrong("component.position", "must be bottomRight or bottomLeft");
        if (!IsColor(settings.Component.Color)) return Wrong("component.color", "must be a colour such as #3b5bdb");
        if (!IsColor(settings.Component.DarkColor)) return Wrong("component.darkColor", "must be a colour such as #748ffc");
        if (!ComponentLook.Languages.Contains(settings.Component.Language)) return Wrong("component.language", $"must be one of {string.Join(", ", ComponentLook.Languages)}");
        return settings.Component.LauncherSelector is { Length: > 200 } ? Wrong("component.launcherSelector", "must have at most 200 characters") : null;
    }

    /// <summary>Whether visitors can be sent to this page.</summary>
    public static bool IsPage(string? url) =>
        url is { Length: <= ProductSettings.LongestUrl } && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("https" or "http") && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && IsHost(uri);

    /// <summary>Whether a browser can be sent there: a name may be read and still be too long once it is spelled in ASCII.</summary>
    private static bool IsHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0;
        }
        catch (Exception exception) when (exception is UriFormatException or ArgumentException)
        {
            return false;
        }
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is ("https" or "http") && uri.GetLeftPart(UriPartial.Authority) == origin;

    private static bool IsColor(string color) => color is ['#', .. { Length: 6 } digits] && digits.All(char.IsAsciiHexDigit);

    private static Problem Wrong(string field, string rule) => new("settingInvalid", $"{field} {rule}.", field);
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.Products;

/// <summary>What people set of a product. Every field has a default, so that a stored document of an earlier version still reads.</summary>
public sealed record ProductSettings
{
    /// <summary>The longest URL that is taken.</summary>
    public const int LongestUrl = 2_000;

    /// <summary>The product's name, as visitors and referrers read it; up to 80 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where invite links lead when neither the referrer nor the campaign has a page of its own; an absolute http or https URL.</summary>
    public string? LandingPage { get; init; }

    /// <summary>For how many days the attribution script remembers a code, 1 to 400.</summary>
    public int CookieDays { get; init; } = 90;

    /// <summary>Whether the attribution script asks before it sets a cookie: <c>none</c>, <c>oneTrust</c>, <c>cookiebot</c> or <c>custom</c>.</summary>
    public string Consent { get; init; } = "none";

    /// <summary>Whether visitors who come by an invite link are shown the new-user banner.</summary>
    public bool Banner { get; init; }

    /// <summary>Where the banner's button leads, an absolute http or https URL; null for a banner without a button.</summary>
    public string? BannerLink { get; init; }

    /// <summary>What stands on it, up to 40 characters; null for the script's own words.</summary>
    public string? BannerLabel { get; init; }

    /// <summary>Whether the cookie of an invite link, found at a user's first boot, is a signup (reference product, auto attribution).</summary>
    public bool AutoAttribution { get; init; }

    /// <summary>The oldest boot token that is taken, hours; null for no limit.</summary>
    public int? TokenHours { get; init; }

    /// <summary>Origins whose pages may call the component's endpoints, such as <c>https://app.example.com</c>; none for any.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Countries to which rewards can be paid out, ISO 3166-1 such as <c>DE</c>: elsewhere the component is not booted; none for all.</summary>
    public IReadOnlyList<string> PayoutCountries { get; init; } = [];

    /// <summary>Where signups are expected from: <c>stripe</c>, <c>chargebee</c> or <c>api</c>.</summary>
    public string SignupSource { get; init; } = "stripe";

    /// <summary>Where purchases are expected from.</summary>
    public string PurchaseSource { get; init; } = "stripe";

    /// <summary>Whether this is still a rehearsal: events are recorded, nothing is paid out and nothing reaches referrers.</summary>
    public bool PreLaunch { get; init; }

    /// <summary>When the rehearsal ended; what was referred before it is test data.</summary>
    public DateTimeOffset? LaunchedAt { get; init; }

    /// <summary>The look of the component.</summary>
    public ComponentLook Component { get; init; } = new();

    /// <summary>Whether what was paid at a moment is test data: the launch is still to come, or came later.</summary>
    public bool IsTestData(DateTimeOffset paidAt) => PreLaunch || paidAt < LaunchedAt;

    /// <summary>As stored.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ProductJson.Default.ProductSettings);

    /// <summary>As read back from storage.</summary>
    public static ProductSettings FromJson(string json) => JsonSerializer.Deserialize(json, ProductJson.Default.ProductSettings)!;
}

/// <summary>How the component looks in a page.</summary>
public sealed record ComponentLook
{
    /// <summary>Whether its own button is shown.</summary>
    public bool Launcher { get; init; } = true;

    /// <summary><c>bottomRight</c> or <c>bottomLeft</c>.</summary>
    public string Position { get; init; } = "bottomRight";

    /// <summary>The colour of buttons, <c>#rrggbb</c>.</summary>
    public string Color { get; init; } = "#3b5bdb";

    /// <summary>The same on a dark ground.</summary>
    public string DarkColor { get; init; } = "#748ffc";

    /// <summary>A CSS selector of the product's own launchers.</summary>
    public string? LauncherSelector { get; init; }

    /// <summary>In which language it speaks to whom no page names one: one of <see cref="Languages"/>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The languages that there are texts in.</summary>
    public static readonly IReadOnlyList<string> Languages = ["en", "de"];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProductSettings))]
internal sealed partial class ProductJson : JsonSerializerContext;

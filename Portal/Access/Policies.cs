using Microsoft.AspNetCore.Authorization;
using Portal.Core.Access;
using Portal.Core.Data;

namespace Portal.Access;

/// <summary>What one may be allowed to do. Each page and endpoint names one of these; what names none asks for a signed-in person.</summary>
public static class Policies
{
    /// <summary>Users, secrets, keys, jobs.</summary>
    public const string Administer = nameof(Administer);

    /// <summary>Campaigns, payouts, adjustments.</summary>
    public const string ManageMoney = nameof(ManageMoney);

    /// <summary>Resend, attribute, settle cases.</summary>
    public const string Operate = nameof(Operate);

    /// <summary>Look.</summary>
    public const string View = nameof(View);

    /// <summary>The portal's REST API, by an access token.</summary>
    public const string ManageApi = nameof(ManageApi);

    /// <summary>The paths that a product calls, by an access token of either scope.</summary>
    public const string UseProductApi = nameof(UseProductApi);

    /// <summary>The figures, by this machine or with the metrics' token.</summary>
    public const string ReadMetrics = nameof(ReadMetrics);

    /// <summary>The least role of each policy; whoever is above it may do the same.</summary>
    public static readonly IReadOnlyDictionary<string, PortalRole> LeastRole = new Dictionary<string, PortalRole>
    {
        [Administer] = PortalRole.Administrator,
        [ManageMoney] = PortalRole.Finance,
        [Operate] = PortalRole.Operator,
        [View] = PortalRole.Viewer,
    };

    internal static void Define(AuthorizationOptions options)
    {
        foreach (var (policy, least) in LeastRole)
        {
            var roles = Enum.GetValues<PortalRole>().Where(role => role <= least).Select(role => role.Word());
            options.AddPolicy(policy, p => p.RequireAuthenticatedUser().RequireRole(roles));
        }
        options.AddPolicy(ManageApi, p => p
            .AddAuthenticationSchemes(Schemes.Bearer).RequireAuthenticatedUser().RequireClaim(PortalClaims.Scope, AccessKey.ManageScope));
        options.AddPolicy(UseProductApi, p => p
            .AddAuthenticationSchemes(Schemes.Bearer).RequireAuthenticatedUser().RequireClaim(PortalClaims.Scope, AccessKey.Scopes));
        options.AddPolicy(ReadMetrics, p => p.AddAuthenticationSchemes(Schemes.Metrics).RequireAuthenticatedUser());
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
    }
}

/// <summary>How one proves who one is.</summary>
public static class Schemes
{
    /// <summary>A person, by cookie.</summary>
    public const string Session = nameof(Session);

    /// <summary>Somebody whose password was right and whose code is still to come.</summary>
    internal const string HalfWay = nameof(HalfWay);

    /// <summary>A program, by access token.</summary>
    public const string Bearer = nameof(Bearer);

    /// <summary>A scraper of figures, by where it calls from or by a token.</summary>
    public const string Metrics = nameof(Metrics);

    /// <summary>The token below <c>/api</c>, the cookie everywhere else.</summary>
    internal const string ByPath = nameof(ByPath);
}

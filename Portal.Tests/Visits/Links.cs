using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Products;
using Portal.Core.Referrers;
using Portal.Core.Visits;

namespace Portal.Tests.Visits;

/// <summary>Links of a portal: how a test makes them, follows them and reads what was counted.</summary>
internal static class Links
{
    public const string Ann = "codeOfAnn01";
    public const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private static readonly Actor Tester = new("tester@example.com", "127.0.0.1");

    /// <summary>A referrer with a code.</summary>
    public static async Task<ReferrerRow> ReferrerAsync(this PortalHost host, string user = "ann", string code = Ann, string? firstName = "Ann", PortalEnvironment environment = PortalEnvironment.Sandbox)
    {
        var outcome = await host.Services.GetRequiredService<ReferrerRegister>().AddAsync(environment, new NewReferrer(user, null, firstName, null, code), Tester, default);
        return outcome.TryGet(out var added, out var problem) ? added.Referrer : throw new InvalidOperationException(problem.Detail);
    }

    /// <summary>Changes what is set of a product.</summary>
    public static async Task<ProductProfile> SetAsync(this PortalHost host, Func<ProductSettings, ProductSettings> change, PortalEnvironment environment = PortalEnvironment.Sandbox)
    {
        var outcome = await host.Services.GetRequiredService<ProductRegister>().ChangeAsync(environment, null, change, Tester, default);
        return outcome.TryGet(out var profile, out var problem) ? profile : throw new InvalidOperationException(problem.Detail);
    }

    public static Task CampaignPageAsync(this PortalHost host, string? page, PortalEnvironment environment = PortalEnvironment.Sandbox) =>
        host.Services.GetRequiredService<LinkDesk>().SetCampaignPageAsync(environment, "default", page, Tester, default);

    public static async Task ReferrerPageAsync(this PortalHost host, string user, string? page)
    {
        await using var db = host.Store.OpenRead();
        var id = await db.Referrers.Where(r => r.ProductUserId == user).Select(r => r.Id).SingleAsync();
        await host.Services.GetRequiredService<LinkDesk>().SetReferrerPageAsync(PortalEnvironment.Sandbox, id, page, Tester, default);
    }

    public static Task DisableAsync(this PortalHost host, string code, bool disabled = true) =>
        host.Services.GetRequiredService<LinkDesk>().SetDisabledAsync(PortalEnvironment.Sandbox, code, disabled, Tester, default);

    /// <summary>Somebody who calls over the network, keeps no cookies and stays where the portal sends them on.</summary>
    public static HttpClient CreateOutsider(this PortalHost host) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Listen() };

    /// <summary>Follows a link as a person's browser does, or otherwise.</summary>
    public static async Task<HttpResponseMessage> FollowAsync(this HttpClient client, string code, string? userAgent = Browser, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"/r/{code}");
        if (userAgent is not null) request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    /// <summary>Where a link leads.</summary>
    public static async Task<string?> TargetAsync(this HttpClient client, string code)
    {
        using var answer = await client.FollowAsync(code);
        return answer.StatusCode == HttpStatusCode.Redirect ? answer.Headers.Location?.OriginalString : null;
    }

    /// <summary>Writes what was gathered and reads what stands, as "views visitors" of all days.</summary>
    public static async Task<string> ViewsAsync(this PortalHost host, string code = Ann)
    {
        await host.Services.GetRequiredService<LinkTally>().FlushAsync(default);
        await using var db = host.Store.OpenRead();
        var views = await db.LinkViews.Where(v => v.Code == code).OrderBy(v => v.Day).ToListAsync();
        return string.Join(", ", views.Select(v => $"{v.Views} {v.Visitors}"));
    }

    /// <summary>Lets the portal look again at what it believes for some seconds.</summary>
    public static void Later(this PortalHost host) => host.Clock.Pass(TimeSpan.FromSeconds(10));
}

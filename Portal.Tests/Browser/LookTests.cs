using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Browser;

/// <summary>
/// Every page, light and dark, wide and as narrow as a phone: nothing for axe to call serious, nothing to scroll sideways, nothing in the
/// browser's console. With PORTAL_SCREENSHOTS naming a folder, each is painted into it too.
/// </summary>
[Collection(BrowserCollection.Name)]
[Trait("Database", "Sqlite")]   // what a page looks like does not depend on it; what it shows is asked by the journeys, on both
public sealed class LookTests(BrowserRoom room)
{
    private static readonly string? Album = Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS");

    [Theory]
    [InlineData("overview", "/sandbox/overview?period=all")]
    [InlineData("overview-30", "/sandbox/overview")]
    [InlineData("overview-empty", "/production/overview")]
    [InlineData("events", "/sandbox/events")]
    [InlineData("events-none", "/sandbox/events?q=nobody")]
    [InlineData("event", "/sandbox/events/{evt_known_paid}")]
    [InlineData("event-bad", "/sandbox/events/{evt_bad_customer}")]
    [InlineData("event-wrong-mode", "/sandbox/events/{evt_wrong_mode}")]
    [InlineData("rewards", "/sandbox/rewards")]
    [InlineData("reward", "/sandbox/rewards/[in_known]")]
    [InlineData("reward-corrected", "/sandbox/rewards/[in_moved]")]
    [InlineData("payments", "/sandbox/payments")]
    [InlineData("payment", "/sandbox/payments/invoice/in_alone")]
    [InlineData("campaigns", "/sandbox/campaigns")]
    [InlineData("campaigns-empty", "/production/campaigns")]
    [InlineData("campaign", "/sandbox/campaigns/default")]
    [InlineData("campaign-empty", "/production/campaigns/default")]
    [InlineData("campaign-draft", "/sandbox/campaigns/default/draft")]
    [InlineData("campaign-draft-json", "/sandbox/campaigns/default/draft?view=json")]
    [InlineData("campaign-simulation", "/sandbox/campaigns/default/simulation")]
    [InlineData("referrers", "/sandbox/referrers")]
    [InlineData("referrers-none", "/sandbox/referrers?q=nobody")]
    [InlineData("referrer", "/sandbox/referrers/<mara>")]
    [InlineData("referrer-empty", "/sandbox/referrers/<mara>?asOf=2020-01-01&currency=USD")]
    [InlineData("referrals", "/sandbox/referrals")]
    [InlineData("referrals-without", "/sandbox/referrals?attributed=false")]
    [InlineData("referral", "/sandbox/referrals/(back-user)")]
    [InlineData("referral-facts", "/sandbox/referrals/(back-user)?facts=all")]
    [InlineData("ledger", "/sandbox/ledger")]
    [InlineData("ledger-none", "/sandbox/ledger?currency=CHF&from=2020-01-01&to=2020-01-02")]
    [InlineData("reviews", "/sandbox/reviews")]
    [InlineData("reviews-settled", "/sandbox/reviews?state=settled")]
    [InlineData("reviews-none", "/sandbox/reviews?q=nobody")]
    [InlineData("review", "/sandbox/reviews/«moved-user»")]
    [InlineData("payouts", "/sandbox/payouts")]
    [InlineData("payouts-none", "/sandbox/payouts?state=cancelled")]
    [InlineData("payout", "/sandbox/payouts/1?referrer=<mara>")]
    [InlineData("rates", "/sandbox/exchange-rates?from=EUR&to=USD")]
    [InlineData("rates-empty", "/production/exchange-rates")]
    [InlineData("rebuild", "/sandbox/ledger/rebuild")]
    [InlineData("links", "/sandbox/links")]
    [InlineData("links-empty", "/production/links")]
    [InlineData("webhooks", "/sandbox/webhooks")]
    [InlineData("component-settings", "/sandbox/component")]
    [InlineData("access-keys", "/sandbox/access-keys")]
    [InlineData("integration", "/sandbox/integration")]
    [InlineData("setup-guide", "/sandbox/setup-guide?lang=python")]
    [InlineData("jobs", "/jobs?idle=true")]
    [InlineData("audit", "/audit")]
    [InlineData("audit-none", "/audit?actor=nobody")]
    [InlineData("system", "/system")]
    [InlineData("not-found", "/foo/bar")]
    public async Task A_page_is_fit_to_be_shown(string name, string path)
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync(await ResolveAsync(path));
        await InspectAsync(visitor, name);
        Assert.DoesNotContain(visitor.Complaints, c => name != "not-found" || !c.Contains("404", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sign-in", "/account/sign-in?error=credentials", null)]
    [InlineData("refused", "/account/refused?status=400", null)]
    [InlineData("denied", "/jobs", PortalRole.Viewer)]
    [InlineData("docs-api", "/docs/api", null)]
    public async Task A_page_at_the_door_is_fit_to_be_shown(string name, string path, PortalRole? role)
    {
        await using var visitor = await room.VisitAsync(role);
        await visitor.Page.GotoAsync(path);
        await InspectAsync(visitor, name);
        Assert.Empty(visitor.Complaints);
    }

    internal static async Task InspectAsync(Visitor visitor, string name)
    {
        var page = visitor.Page;
        await Assertions.Expect(page.Locator(".loading")).ToHaveCountAsync(0);   // not by a script that waits: the page's policy lets none be made of text
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await LookAsync(visitor, $"{name}-1440-{scheme}");
        }
        await page.SetViewportSizeAsync(390, 844);
        foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await PaintAsync(page, $"{name}-390-{scheme}");
        }
        var widest = await page.EvaluateAsync<string>(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.table-scroll, .tabs, pre, .visually-hidden, .chart')).map(e => e.className || e.tagName).join(', ')");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways at 390: {widest}");
    }

    /// <summary>Paints what is shown, a dialog say, and asks axe.</summary>
    internal static async Task LookAsync(Visitor visitor, string name)
    {
        // What is still fading in has less contrast than what will be read.
        await visitor.Page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => Promise.all(document.getAnimations().filter(a => a.effect?.getComputedTiming().iterations !== Infinity).map(a => a.finished.catch(() => {}))))");
        await PaintAsync(visitor.Page, name);
        var serious = (await visitor.Page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical")
            .SelectMany(v => v.Nodes.Select(n => $"{name}: {v.Id} {string.Join(' ', n.Any.Select(c => c.Message))}: {n.Html}")).ToList();
        Assert.True(serious.Count == 0, string.Join('\n', serious));
    }

    private static async Task PaintAsync(IPage page, string name)
    {
        if (Album is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Album, $"{name}.png"), FullPage = true });
    }

    /// <summary>{evt_…} is an event's id of ours, [in_…] that of an invoice's first reward, &lt;…&gt; a referrer's, (…) a referral's, «…» that of a new user's case.</summary>
    private async Task<string> ResolveAsync(string path)
    {
        if (path.IndexOf('{', StringComparison.Ordinal) is var e and > 0) return path[..e] + (await room.Api.ReadAsync($"events/{path[(e + 1)..^1]}")).Text("id");
        if (path.IndexOf('[', StringComparison.Ordinal) is var r and > 0) return path[..r] + (await room.Api.ListAsync($"rewards?q={path[(r + 1)..^1]}"))[^1].Text("id");
        if (Inside(path, '<', '>') is { } who) return path.Replace($"<{who}>", (await room.Api.ListAsync($"referrers?q={who}"))[0].Text("productUserId"), StringComparison.Ordinal);
        if (Inside(path, '«', '»') is { } asked) return path.Replace($"«{asked}»", (await room.Api.ListAsync($"review-cases?q={asked}"))[0].Text("id"), StringComparison.Ordinal);
        if (Inside(path, '(', ')') is { } user) return path.Replace($"({user})", $"{(await room.Api.ListAsync($"referrals?q={user}"))[0].Number("id")}", StringComparison.Ordinal);
        return path;
    }

    private static string? Inside(string path, char open, char close) =>
        path.IndexOf(open, StringComparison.Ordinal) is var o and > 0 ? path[(o + 1)..path.IndexOf(close, StringComparison.Ordinal)] : null;
}

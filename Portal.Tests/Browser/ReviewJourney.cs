using Microsoft.Playwright;
using Portal.Core;
using Portal.Core.Access;
using Portal.Tests.Reviews;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class ReviewJourney(BrowserRoom room)
{
    [Fact]
    public async Task A_case_is_found_in_the_queue_weighed_decided_and_taken_back()
    {
        await using var host = await HostAsync();
        await using var visitor = await room.VisitAsync(host.ClientOptions.BaseAddress);
        var page = visitor.Page;
        await visitor.SignInAsync((await host.UserAsync(PortalRole.Finance)).Email, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        await visitor.LiveAsync();
        await Expect(page.Locator(".menu-count")).ToHaveTextAsync("1 open");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Reviews" }).ClickAsync();
        await visitor.HeadingAsync("Reviews");
        await Expect(visitor.Rows).ToHaveCountAsync(1);
        await Expect(visitor.Rows.First).ToContainTextAsync("40.00 USD");
        await visitor.LinkAsync("Another referral code came later");

        await visitor.HeadingAsync("later code codeOfBo001 of bo came");
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "What changes: Switch to the later code" }).Locator("tfoot")).ToContainTextAsync("+40.00 USD");
        await LookTests.LookAsync(visitor, "review-open");
        await page.GetByRole(AriaRole.Radio).First.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("ArrowDown");   // by keyboard alone
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Switch to the later code" })).ToBeCheckedAsync();
        await page.GetByLabel("Reason").FillAsync("Bo brought them, see ticket 12.");
        await visitor.ButtonAsync("Decide");

        await Expect(page.Locator(".alert-good")).ToContainTextAsync("Decided: Switch to the later code");
        await Expect(page.Locator(".alert-good")).ToContainTextAsync("Bo brought them, see ticket 12.");
        await Expect(page.Locator(".menu-count")).ToHaveCountAsync(0);
        await Expect(page.Locator(".chip").First).ToContainTextAsync("Decided");
        await LookTests.LookAsync(visitor, "review-decided");
        var @case = page.Url;
        await visitor.GoAsync("/sandbox/rewards?referrer=bo");
        await Expect(visitor.Rows).ToHaveCountAsync(2);
        await visitor.Rows.First.GetByRole(AriaRole.Link).First.ClickAsync();
        await visitor.LinkAsync("decision 1");
        await Expect(visitor.Rows).ToHaveCountAsync(1);
        await visitor.LinkAsync("Another referral code came later");
        await Expect(page).ToHaveURLAsync(@case);

        await page.GetByRole(AriaRole.Radio, new() { Name = "Take this decision back" }).CheckAsync();
        await page.GetByLabel("Reason").FillAsync("The ticket was about another one.");
        await visitor.ButtonAsync("Take this decision back");
        await Expect(page.Locator(".chip").First).ToContainTextAsync("Open");
        await Expect(page.Locator(".timeline li")).ToHaveCountAsync(2);
        await Expect(page.Locator(".menu-count")).ToHaveTextAsync("1 open");
        await visitor.GoAsync("/sandbox/rewards?referrer=ann");
        await visitor.Rows.First.GetByRole(AriaRole.Link).First.ClickAsync();
        await visitor.LinkAsync("a review");
        await Expect(visitor.Rows).ToHaveCountAsync(1);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task Who_may_not_decide_reads_all_of_it_and_finds_no_button()
    {
        await using var visitor = await room.VisitAsync(PortalRole.Operator);
        await visitor.GoAsync("/sandbox/reviews?q=moved-user");
        await visitor.LinkAsync("Another referral code came later");
        await visitor.SeesAsync("Deciding takes the finance role.");
        await Expect(visitor.Page.GetByRole(AriaRole.Radio)).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Decide" })).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator(".choice")).ToHaveCountAsync(2);
    }

    private static async Task<PortalHost> HostAsync()
    {
        var host = new PortalHost();
        host.Listen();
        var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann });
        await api.SendAsync("referrers", new { productUserId = "bo", ucc = SmallWorld.Bo });
        await api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20","maxMonths":12}]}""");
        await api.TellAsync(ReviewStory.All["codeChanged"].Events);
        return host;
    }
}

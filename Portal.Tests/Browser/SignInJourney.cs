using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class SignInJourney(BrowserRoom room)
{
    [Fact]
    public async Task A_wrong_password_is_told_a_right_one_leads_where_one_wanted_to_go_and_signing_out_ends_it()
    {
        await using var visitor = await room.VisitAsync(null);
        await visitor.Page.GotoAsync("/sandbox/rewards");
        await visitor.HeadingAsync("Sign in");

        await visitor.SignInAsync(PortalHost.AdminEmail, "not the password at all");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visitor.SignInAsync(PortalHost.AdminEmail, PortalHost.Password);
        await visitor.HeadingAsync("Rewards");

        await visitor.LiveAsync();
        await visitor.ButtonAsync("Sign out");
        await visitor.HeadingAsync("Sign in");
        await visitor.Page.GotoAsync("/sandbox/rewards");
        await visitor.HeadingAsync("Sign in");
    }

    [Fact]
    public async Task The_theme_that_one_chose_stays()
    {
        await using var visitor = await room.VisitAsync();
        await visitor.GoAsync("/sandbox/overview");

        await visitor.ButtonAsync("Switch between light and dark");
        await visitor.GoAsync("/sandbox/events");

        await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Equal("rgb(15, 17, 21)", await visitor.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task The_other_environment_is_the_same_page_with_nothing_of_this_one()
    {
        await using var visitor = await room.VisitAsync();
        foreach (var (page, empty) in new[] { ("rewards", "No rewards yet"), ("payments", "No payments yet"), ("events", "No events yet"), ("overview", "Nothing has come in yet") })
        {
            await visitor.GoAsync($"/sandbox/{page}");
            await visitor.LinkAsync("Production");
            await visitor.UrlAsync($"/production/{page}");
            await visitor.SeesAsync(empty);
        }
        await visitor.Page.GotoAsync("/");
        await visitor.UrlAsync("/production/overview");   // where one was last
        await visitor.LiveAsync();
        await visitor.LinkAsync("Sandbox");
        await visitor.UrlAsync("/sandbox/overview");
        await visitor.SeesAsync("Deliveries per day");
        Assert.Empty(visitor.Complaints);
    }
}

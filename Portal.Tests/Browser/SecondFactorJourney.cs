using Portal.Core.Access;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>A person sets up a second factor, comes in with it, and is asked again before a secret of Production.</summary>
[Collection(BrowserCollection.Name)]
public sealed class SecondFactorJourney(BrowserRoom room)
{
    [Fact]
    public async Task It_is_set_up_asked_for_at_the_door_and_asked_for_again_where_it_matters()
    {
        await using var host = new PortalHost();
        await using var visitor = await room.VisitAsync(host.Listen());
        await visitor.SignInAsync(PortalHost.AdminEmail, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        await visitor.Page.GotoAsync("/account");
        var key = (await visitor.Page.Locator("#factor-key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await LookTests.InspectAsync(visitor, "account");

        await visitor.Page.GetByLabel("Code that the app shows now").FillAsync(CodeNow(host, key));
        await visitor.ButtonAsync("Set it up");
        await Expect(visitor.Page.Locator("#recovery-codes li")).ToHaveCountAsync(10);
        await LookTests.InspectAsync(visitor, "account-recovery");
        Assert.Empty(visitor.Complaints);

        host.Clock.Pass(TimeSpan.FromMinutes(1));
        await using var another = await room.VisitAsync(host.ClientOptions.BaseAddress);
        await another.SignInAsync(PortalHost.AdminEmail, PortalHost.Password);
        await another.HeadingAsync("Enter the code of your app");
        await LookTests.InspectAsync(another, "sign-in-code");
        await another.Page.GetByLabel("Code").FillAsync(CodeNow(host, key));
        await another.ButtonAsync("Sign in");
        await another.HeadingAsync("Overview");

        host.Clock.Pass(TimeSpan.FromMinutes(16));
        await another.GoAsync("/production/webhooks");
        await another.ButtonAsync("Add secret");
        await another.SeesAsync("Confirm that it is you");
        await another.Page.GetByLabel("Code").FillAsync("000000");
        await another.ButtonAsync("Go on");
        await another.SeesAsync("That is not the code that the app shows now");
        await another.Page.GetByLabel("Code").FillAsync(CodeNow(host, key));
        await another.ButtonAsync("Go on");
        await another.SeesAsync("It is encrypted, and never shown again");
        await another.Page.GetByPlaceholder("whsec_…").FillAsync("whsec_from_the_journey_0123456789");
        await another.ButtonAsync("Add");
        await another.SeesAsync("whsec_…6789");
        Assert.Empty(another.Complaints);
    }

    private static string CodeNow(PortalHost host, string spelled)
    {
        var bits = string.Concat(spelled.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var secret = bits.Chunk(8).Where(b => b.Length == 8).Select(b => Convert.ToByte(new string(b), 2)).ToArray();
        return TimeCodes.Of(secret, TimeCodes.StepOf(host.Clock.GetUtcNow()));
    }
}

using Microsoft.Playwright;
using Portal.Core;
using Portal.Core.Access;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class EraseJourney(BrowserRoom room)
{
    [Fact]
    public async Task An_administrator_sees_what_would_go_types_whom_and_erases_and_nobody_else_may()
    {
        await using var host = new PortalHost();
        await using var visitor = await room.VisitAsync(host.Listen());
        using var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann, email = "ann@example.com", firstName = "Ann" });
        await api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());

        await visitor.SignInAsync((await host.UserAsync(PortalRole.Administrator)).Email, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        await visitor.GoAsync("/sandbox/referrals/1");
        await visitor.SeesAsync("new.user@example.com");
        await visitor.ButtonAsync("Erase this person…");
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("2 payloads");
        var erase = dialog.GetByRole(AriaRole.Button, new() { Name = "Erase for good" });
        await dialog.GetByLabel("Why, without naming the person").FillAsync("new.user@example.com asked");
        await Expect(erase).ToBeDisabledAsync();
        await dialog.GetByLabel("To confirm").FillAsync("user:user-1");
        await LookTests.LookAsync(visitor, "erase-dialog");
        await erase.ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("must not name the person");
        await dialog.GetByLabel("Why, without naming the person").FillAsync("Ticket 4711");
        await erase.ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByText("new.user@example.com")).ToHaveCountAsync(0);

        await visitor.GoAsync("/sandbox/events/2");
        await visitor.SeesAsync("because it told of a person who was erased");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Resend", Exact = true })).ToHaveCountAsync(0);
        await LookTests.LookAsync(visitor, "event-without-payload");
        Assert.Empty(visitor.Complaints);

        await using var finance = await room.VisitAsync(PortalRole.Finance);
        await finance.GoAsync("/sandbox/referrals/1");
        await Expect(finance.Page.GetByRole(AriaRole.Button, new() { Name = "Erase this person…" })).ToHaveCountAsync(0);
    }
}

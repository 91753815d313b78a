using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Access;
using Portal.Core;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class FirstVisitJourney(BrowserRoom room)
{
    private const string First = "whsec_first_of_this_portal_01";
    private const string Second = "whsec_second_of_this_portal_2";

    [Fact]
    public async Task Who_reads_the_log_becomes_the_first_administrator_and_is_led_to_the_webhook()
    {
        await using var host = new PortalHost
        {
            Settings = { ["Bootstrap:Admin:Email"] = null, ["Bootstrap:Admin:Password"] = null, ["Bootstrap:Sandbox:StripeSigningSecret"] = null },
        };
        var address = host.Listen();
        var code = host.Services.GetRequiredService<SetupGate>().Open();   // we are who reads the log
        await using var visitor = await room.VisitAsync(address);

        await visitor.Page.GotoAsync("/");
        await visitor.HeadingAsync("Make the first administrator");
        await LookTests.InspectAsync(visitor, "setup");
        await visitor.Page.SetViewportSizeAsync(1440, 900);
        await FillAsync(visitor, "not the code");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await FillAsync(visitor, code);

        await visitor.HeadingAsync("Overview");
        await visitor.SeesAsync("Nothing has come in yet");
        await visitor.LiveAsync();
        await visitor.LinkAsync("Add the signing secret");
        await visitor.HeadingAsync("Webhooks");
        await visitor.SeesAsync("Refuses everything: no secret");
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task A_secret_that_is_added_rolled_and_revoked_opens_and_closes_the_endpoint()
    {
        await using var host = new PortalHost { Settings = { ["Bootstrap:Sandbox:StripeSigningSecret"] = null } };
        var address = host.Listen();
        using var stripe = host.CreateVisitor();
        await using var visitor = await room.VisitAsync(address);
        await visitor.SignInAsync(PortalHost.AdminEmail, PortalHost.Password);
        await visitor.GoAsync("/sandbox/webhooks");
        await AnswersAsync(stripe, First, HttpStatusCode.NotFound);

        await visitor.ButtonAsync("Add secret");
        await EnterAsync(visitor, First, "Add");
        await visitor.SeesAsync("Accepts signed events");
        await AnswersAsync(stripe, First, HttpStatusCode.OK);
        await AnswersAsync(stripe, Second, HttpStatusCode.BadRequest);

        await visitor.ButtonAsync("Roll");
        await EnterAsync(visitor, Second, "Roll");
        await Expect(visitor.Page.Locator("table.secrets tbody tr")).ToHaveCountAsync(2);
        await AnswersAsync(stripe, First, HttpStatusCode.OK);    // the overlap
        await AnswersAsync(stripe, Second, HttpStatusCode.OK);

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke the secret that ends in" }).Last.ClickAsync();
        await visitor.ButtonAsync("Revoke");
        await Expect(visitor.Page.Locator("table.secrets tbody tr.gone")).ToHaveCountAsync(1);
        await AnswersAsync(stripe, First, HttpStatusCode.BadRequest);
        await AnswersAsync(stripe, Second, HttpStatusCode.OK);
        await Expect(visitor.Page.Locator("#rejected .rejections li").First).ToBeVisibleAsync();
        Assert.DoesNotContain(First, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(visitor.Complaints);
    }

    private static async Task FillAsync(Visitor visitor, string code)
    {
        await visitor.Page.GetByLabel("Setup code").FillAsync(code);
        await visitor.Page.GetByLabel("E-mail address").FillAsync("first@example.com");
        await visitor.Page.GetByLabel("Password").FillAsync(PortalHost.Password);
        await visitor.ButtonAsync("Make the account and sign in");
    }

    private static async Task EnterAsync(Visitor visitor, string secret, string button)
    {
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Signing secret").FillAsync(secret);
        await dialog.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
    }

    private static async Task AnswersAsync(HttpClient stripe, string secret, HttpStatusCode status)
    {
        using var answer = await stripe.PostStripeAsync(StripeSamples.Customer(), PortalEnvironment.Sandbox, secret);
        Assert.Equal(status, answer.StatusCode);
    }
}

using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
[Trait("Database", "Sqlite")]   // what browsers do with scripts and dialogs; the requests are tried on both
public sealed class AccessKeysJourney(BrowserRoom room)
{
    [Fact]
    public async Task A_key_is_made_shown_once_used_rolled_and_revoked()
    {
        await using var host = new PortalHost();
        var address = host.Listen();
        using var program = new HttpClient { BaseAddress = address };
        await using var visitor = await room.VisitAsync(address);
        await visitor.SignInAsync(PortalHost.AdminEmail, PortalHost.Password);
        await visitor.GoAsync("/sandbox/access-keys");

        await visitor.ButtonAsync("Create key");
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("billing service");
        await LookTests.LookAsync(visitor, "access-keys-new");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        var codes = dialog.Locator("dd code");
        await Expect(codes).ToHaveCountAsync(2);
        var (id, secret) = (await codes.Nth(0).InnerTextAsync(), await codes.Nth(1).InnerTextAsync());
        await LookTests.LookAsync(visitor, "access-keys-shown-once");
        await visitor.ButtonAsync("I have copied both");
        Assert.Equal(HttpStatusCode.Created, await TokenAsync(program, id, secret));
        await visitor.GoAsync("/sandbox/access-keys");
        Assert.DoesNotContain(secret, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        await Expect(visitor.Page.GetByText("billing service")).ToBeVisibleAsync();

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = $"Roll {id}" }).ClickAsync();
        await visitor.ButtonAsync("Roll");
        await Expect(codes).ToHaveCountAsync(2);
        var (newId, newSecret) = (await codes.Nth(0).InnerTextAsync(), await codes.Nth(1).InnerTextAsync());
        await visitor.ButtonAsync("I have copied both");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (await TokenAsync(program, id, secret), await TokenAsync(program, newId, newSecret)));

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = $"Revoke {id}" }).ClickAsync();
        await visitor.ButtonAsync("Revoke");
        await Expect(visitor.Page.Locator("tr.gone")).ToHaveCountAsync(1);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Created), (await TokenAsync(program, id, secret), await TokenAsync(program, newId, newSecret)));

        await visitor.ButtonAsync("Make a product secret");
        await Expect(codes).ToHaveCountAsync(1);
        Assert.Equal(86, (await codes.InnerTextAsync()).Length);
        await visitor.ButtonAsync("I have copied it");
        await Expect(visitor.Page.GetByText("Tokens of its users are accepted")).ToBeVisibleAsync();
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task The_guide_ticks_a_step_when_its_first_valid_event_arrives_and_the_source_is_chosen_on_the_status_page()
    {
        await using var host = new PortalHost();
        var address = host.Listen();
        using var api = await host.CreateApiClientAsync(Core.PortalEnvironment.Sandbox);
        await using var visitor = await room.VisitAsync(address);
        await visitor.SignInAsync(PortalHost.AdminEmail, PortalHost.Password);
        await visitor.GoAsync("/sandbox/setup-guide?lang=ruby");
        await Expect(visitor.Page.GetByText("Stripe::Customer.create")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("#signups")).ToHaveAttributeAsync("data-done", "false");

        await api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann });
        await api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann, newUserId: "user-1"));
        await Expect(visitor.Page.Locator("#signups")).ToHaveAttributeAsync("data-done", "true");   // without a reload

        await visitor.GoAsync("/sandbox/integration");
        await Expect(visitor.Page.GetByText("Now let the same customer pay.")).ToBeVisibleAsync();
        await visitor.Page.Locator("#purchases-source").SelectOptionAsync("api");
        await Expect(visitor.Page.GetByText("No valid purchase came from your product, through the API yet.")).ToBeVisibleAsync();
        await visitor.ButtonAsync("Go to pre-launch mode");
        await visitor.ButtonAsync("Yes, record test data");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Pre-launch mode is on" })).ToBeVisibleAsync();
        Assert.Empty(visitor.Complaints);
    }

    private static async Task<HttpStatusCode> TokenAsync(HttpClient program, string id, string secret)
    {
        using var answer = await program.PostAsJsonAsync("/api/sandbox/token", new { accessKeyId = id, secretAccessKey = secret });
        return answer.StatusCode;
    }
}

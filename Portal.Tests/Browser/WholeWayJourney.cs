using System.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Products;
using Portal.Tests.Component;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What all of it is for, in one piece: three origins – the portal, the product and its landing page – and a payment provider.</summary>
[Collection(BrowserCollection.Name)]
public sealed class WholeWayJourney(BrowserRoom room)
{
    [Fact]
    public async Task From_a_user_s_link_over_landing_page_signup_customer_and_invoice_to_the_reward_that_the_user_sees()
    {
        await using var host = new PortalHost().WithProduct();
        var portal = host.Listen();
        await using var site = await LandingSite.StartAsync(portal);
        site.ProductId = ComponentClient.ProductId;
        await using var product = await ProductPage.ServeAsync(portal, _ => new { productId = ComponentClient.ProductId, token = host.Token("ann"), productUserDetails = new { email = "ann@example.com", firstName = "Ann" } });
        using var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.SendAsync("campaigns/default/revisions",
            """{"effectiveFrom":"2020-01-01T00:00:00Z","currency":"USD","rules":[{"kind":"purchase","percent":"20","maxMonths":12}],"newUserReward":{"percentage":25,"intervalCount":3}}""");
        await host.Services.GetRequiredService<ProductRegister>().ChangeAsync(
            PortalEnvironment.Sandbox, null, s => s with { Name = "Orbit", LandingPage = site.Url("/start"), Banner = true }, Actor.System, default);

        // A user of the product opens it for the first time: that makes the referrer and the link.
        await using var ann = await room.VisitAsync(product.Address);
        await ann.Page.GotoAsync("/plain");
        await Expect(ann.Page.Locator("body")).ToHaveAttributeAsync("data-booted", "yes");
        var (ucc, link) = (await ann.Page.EvaluateAsync<string>("window.cello.getActiveUcc().then(a => a.ucc)"), await ann.Page.EvaluateAsync<string>("window.cello.getActiveUcc().then(a => a.link)"));
        Assert.Matches("^[A-Za-z0-9]{11}$", ucc);

        // A friend follows the link, is greeted, and signs up in the product's own form.
        await using var friend = await room.VisitAsync(portal);
        await friend.Page.GotoAsync(new Uri(link).AbsolutePath);   // the public address of tests is not where they listen
        Assert.StartsWith(site.Url("/start?"), friend.Page.Url, StringComparison.Ordinal);
        await Expect(friend.Page.GetByText("Ann", new() { Exact = false }).First).ToBeVisibleAsync();
        await LookTests.LookAsync(friend, "whole-way-banner");
        await Expect(friend.Page.Locator("#signup input[name=ucc]")).ToHaveValueAsync(ucc);
        await friend.Page.GetByLabel("E-mail").FillAsync("ben@example.com");
        await friend.Page.GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();
        await friend.Page.WaitForURLAsync(url => url.Contains("email=ben", StringComparison.Ordinal));
        var sent = HttpUtility.ParseQueryString(new Uri(friend.Page.Url).Query);

        // The product's server makes a customer of what its form brought, and the customer pays.
        await api.TellAsync(StripeSamples.Customer(ucc: sent["ucc"], newUserId: "ben", email: sent["email"]), StripeSamples.InvoicePaid(email: sent["email"]));
        var reward = Assert.Single(await api.ListAsync("rewards"));
        Assert.Equal(("ann", "ben", 2_000), (reward.Text("referrer"), reward.Text("newUserId"), (int)reward.Number("earned")));

        await ann.Page.ReloadAsync();
        await Expect(ann.Page.Locator("body")).ToHaveAttributeAsync("data-booted", "yes");
        await ann.Page.EvaluateAsync("window.Cello('open')");
        var dialog = ann.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Tab, new() { Name = "Rewards" }).ClickAsync();
        await Expect(dialog.Locator(".rewards li")).ToHaveCountAsync(1);
        await Expect(dialog.Locator(".rewards li")).ToContainTextAsync("$20.00");
        await LookTests.LookAsync(ann, "whole-way-rewards");

        var status = await api.ReadAsync("integration-status");
        Assert.Equal("4/4 connected", status.Text("status"));
    }
}

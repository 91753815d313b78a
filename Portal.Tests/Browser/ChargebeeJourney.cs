using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed partial class ChargebeeJourney(BrowserRoom room)
{
    [Fact]
    public async Task Credentials_are_made_shown_once_and_open_the_endpoint_until_they_are_revoked()
    {
        await using var host = new PortalHost();
        var address = host.Listen();
        using var chargebee = new HttpClient { BaseAddress = address };
        await using var visitor = await room.VisitAsync(address);
        await visitor.SignInAsync(PortalHost.AdminEmail, PortalHost.Password);
        await visitor.GoAsync("/sandbox/webhooks");

        await visitor.ButtonAsync("Make credentials");
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        var codes = dialog.Locator("dd code");
        await Expect(codes).ToHaveCountAsync(2);
        var (username, password) = (await codes.Nth(0).InnerTextAsync(), await codes.Nth(1).InnerTextAsync());
        await LookTests.LookAsync(visitor, "webhooks-chargebee-credentials");
        Assert.Matches(LongAndRandom(), password);
        await visitor.ButtonAsync("I have copied both");
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(chargebee, username, password));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(chargebee, username, password + "x"));
        await visitor.GoAsync("/sandbox/webhooks");
        Assert.DoesNotContain(password, await visitor.Page.ContentAsync(), StringComparison.Ordinal);

        await visitor.Page.Locator("#chargebee").GetByRole(AriaRole.Button, new() { Name = "Revoke the secret that ends in" }).ClickAsync();
        await visitor.ButtonAsync("Revoke");
        await Expect(visitor.Page.Locator("#chargebee tr.gone")).ToHaveCountAsync(1);
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(chargebee, username, password));
        Assert.Empty(visitor.Complaints);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient chargebee, string username, string password)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/sandbox/chargebee") { Content = new StringContent(ChargebeeSamples.Customer(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}")));
        using var answer = await chargebee.SendAsync(request);
        return answer.StatusCode;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{32}$")]
    private static partial Regex LongAndRandom();
}

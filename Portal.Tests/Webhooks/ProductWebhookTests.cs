using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Inbox;
using Xunit;

namespace Portal.Tests.Webhooks;

/// <summary>The paths by which providers were told to reach the reference product: the product's id stands for its environment.</summary>
public sealed class ProductWebhookTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _provider = null!;

    public Task InitializeAsync()
    {
        (_host.Settings["Bootstrap:Sandbox:ProductId"], _host.Settings["Bootstrap:Sandbox:ProductSecret"]) = ("dev.example.com", "a-product-secret-of-the-sandbox");
        (_host.Settings["Bootstrap:Production:ProductId"], _host.Settings["Bootstrap:Production:ProductSecret"]) = ("example.com", "a-product-secret-of-production");
        (_host.Settings["Bootstrap:Production:Chargebee:Username"], _host.Settings["Bootstrap:Production:Chargebee:Password"]) = ("example.com", "a-long-password");
        _provider = _host.CreateVisitor();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Stripe_and_chargebee_reach_the_environment_whose_product_it_is()
    {
        var body = StripeSamples.Customer();
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/products/dev.example.com/transaction-webhook/stripe", body, r =>
            r.Headers.TryAddWithoutValidation("Stripe-Signature", StripeSamples.Sign(body, PortalHost.SigningSecret(PortalEnvironment.Sandbox), TimeProvider.System.GetUtcNow()))));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("/products/example.com/transaction-webhook/chargebee", ChargebeeSamples.Customer(), r =>
            r.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("example.com:a-long-password")))));

        await using var db = _host.Store.OpenRead();
        Assert.Equal([(PortalEnvironment.Sandbox, "stripe"), (PortalEnvironment.Production, "chargebee")],
            (await db.Events.OrderBy(e => e.Id).Select(e => new { e.Environment, e.Source }).ToListAsync()).Select(e => (e.Environment, e.Source)));
    }

    [Fact]
    public async Task Nobody_else_s_secret_opens_it_and_an_unknown_product_is_404()
    {
        var body = StripeSamples.Customer();
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("/products/example.com/transaction-webhook/stripe", body, r =>
            r.Headers.TryAddWithoutValidation("Stripe-Signature", StripeSamples.Sign(body, PortalHost.SigningSecret(PortalEnvironment.Sandbox), TimeProvider.System.GetUtcNow()))));
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync("/products/nobody/transaction-webhook/stripe", body, _ => { }));
    }

    private async Task<HttpStatusCode> PostAsync(string path, string body, Action<HttpRequestMessage> sign)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        sign(request);
        using var answer = await _provider.SendAsync(request);
        return answer.StatusCode;
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Inbox;
using Xunit;

namespace Portal.Tests.Webhooks;

public sealed class WebhookEndpointTests(PortalHost host) : IClassFixture<PortalHost>
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private static readonly string Body = StripeSamples.Customer(eventId: "evt_sample");
    private readonly HttpClient _stripe = host.CreateVisitor();

    [Fact]
    public async Task A_signed_event_is_acknowledged_a_duplicate_too_and_counted()
    {
        var body = StripeSamples.Customer(eventId: "evt_twice");
        for (var i = 0; i < 2; i++)
        {
            var answer = await _stripe.PostStripeAsync(body);
            Assert.Equal((HttpStatusCode.OK, "application/json", "{\"received\":true}"),
                (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, await answer.Content.ReadAsStringAsync()));
        }

        await using var db = host.Store.OpenRead();
        var stored = await db.Events.SingleAsync(e => e.ProviderEventId == "evt_twice");
        Assert.Equal([DeliveryOutcome.Accepted, DeliveryOutcome.Duplicate], await db.Deliveries.Where(d => d.EventId == stored.Id).OrderBy(d => d.Id).Select(d => d.Outcome).ToListAsync());
    }

    [Theory]
    [InlineData("wrong secret", "noMatch")]
    [InlineData("secret of the other environment", "noMatch")]
    [InlineData("one byte changed", "noMatch")]
    [InlineData("five minutes and a second late", "timestampOutsideTolerance")]
    [InlineData("five minutes and more ahead", "timestampOutsideTolerance")]
    [InlineData("no header", null)]
    [InlineData("no v1", null)]
    [InlineData("not JSON", "notJson")]
    public async Task What_is_not_proven_is_refused_kept_with_its_reason_and_never_an_event(string what, string? code)
    {
        var id = $"evt_{Guid.NewGuid():N}";
        var (body, now) = (StripeSamples.Customer(eventId: id), TimeProvider.System.GetUtcNow());
        var answer = await (what switch
        {
            "wrong secret" => _stripe.PostStripeAsync(body, secret: "whsec_another_one_0123456789"),
            "secret of the other environment" => _stripe.PostStripeAsync(body, secret: PortalHost.SigningSecret(PortalEnvironment.Production)),
            "one byte changed" => _stripe.PostStripeAsync(body + " ", signature: StripeSamples.Sign(body, PortalHost.SigningSecret(Sandbox), now)),
            "five minutes and a second late" => _stripe.PostStripeAsync(body, at: now.AddSeconds(-301)),
            "five minutes and more ahead" => _stripe.PostStripeAsync(body, at: now.AddSeconds(304)),
            "no header" => _stripe.PostStripeAsync(body, signature: ""),
            "no v1" => _stripe.PostStripeAsync(body, signature: StripeSamples.Sign(body, PortalHost.SigningSecret(Sandbox), now).Replace("v1=", "v0=", StringComparison.Ordinal)),
            _ => _stripe.PostStripeAsync(body[..^2]),
        });

        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        if (code is not null) Assert.Equal(code, problem.Text("title"));
        await using var db = host.Store.OpenRead();
        Assert.False(await db.Events.AnyAsync(e => e.ProviderEventId == id));
        var kept = await RejectedAsync(db.Deliveries, id);
        Assert.Equal((problem.Text("title"), problem.Text("detail")), (kept.ReasonCode, kept.Reason));
    }

    [Fact]
    public async Task A_sandbox_secret_opens_nothing_in_production()
    {
        var answer = await _stripe.PostStripeAsync(Body, PortalEnvironment.Production, PortalHost.SigningSecret(Sandbox));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_unknown_environment_is_not_found()
    {
        using var content = new StringContent(Body);
        var answer = await _stripe.PostAsync("/webhooks/staging/stripe", content);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("unknownEnvironment", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_environment_without_a_secret_says_so_and_keeps_what_came()
    {
        await using var bare = new PortalHost { Settings = { ["Bootstrap:Sandbox:StripeSigningSecret"] = null } };
        var answer = await bare.CreateVisitor().PostStripeAsync(Body);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("noSecret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await using var db = bare.Store.OpenRead();
        Assert.Equal("noSecret", (await RejectedAsync(db.Deliveries, "evt_sample")).ReasonCode);
    }

    [Fact]
    public async Task Both_secrets_of_a_roll_are_accepted_until_its_end_and_any_signature_of_several_may_fit()
    {
        await using var rolling = new PortalHost();
        var client = rolling.CreateVisitor();
        const string New = "whsec_the_new_one_9876543210";
        var (old, now) = (PortalHost.SigningSecret(Sandbox), TimeProvider.System.GetUtcNow());
        await rolling.Services.GetRequiredService<SigningSecrets>().RollAsync(Sandbox, New, TimeSpan.FromHours(1), Actor.System, default);

        Assert.Equal(HttpStatusCode.OK, (await client.PostStripeAsync(Body, secret: old)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostStripeAsync(Body, secret: New)).StatusCode);
        var t = StripeSamples.Seconds(now);
        var both = $"t={t},v1={StripeSamples.Digest(Body, "whsec_strange", t)},v1={StripeSamples.Digest(Body, New, t)},v0=junk";
        Assert.Equal(HttpStatusCode.OK, (await client.PostStripeAsync(Body, signature: both)).StatusCode);

        rolling.Clock.Pass(TimeSpan.FromHours(1));
        var later = now.AddHours(1).AddSeconds(5);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostStripeAsync(Body, secret: old, at: later)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.PostStripeAsync(Body, secret: New, at: later)).StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_a_mebibyte_is_too_large_however_it_is_sent(bool chunked)
    {
        await using var real = new PortalHost();
        using var client = new HttpClient { BaseAddress = real.Listen() };
        foreach (var (length, status) in new[] { (chunked ? 1_000_000 : 1024 * 1024, HttpStatusCode.BadRequest),   // the server counts the chunks' own bytes too
             (1024 * 1024 + 1, HttpStatusCode.RequestEntityTooLarge) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/sandbox/stripe") { Content = new ByteArrayContent(new byte[length]) };
            (request.Headers.TransferEncodingChunked, request.Headers.ExpectContinue) = (chunked, !chunked);
            using var answer = await client.SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task An_event_of_the_wrong_mode_is_acknowledged_kept_as_failed_and_never_processed()
    {
        var api = await host.CreateApiClientAsync(Sandbox);
        await api.TellAsync(StripeSamples.InvoicePaid(invoice: "in_live", eventId: "evt_live").Replace("\"livemode\":false", "\"livemode\":true", StringComparison.Ordinal));

        var kept = await api.ReadAsync("events/evt_live");
        Assert.Equal(("failed", "error"), (kept.Text("state"), kept.Text("status")));
        Assert.Contains("livemode", kept.Text("note"), StringComparison.Ordinal);
        Assert.Empty(kept.GetProperty("facts").EnumerateArray());
    }

    private static async Task<Delivery> RejectedAsync(IQueryable<Delivery> deliveries, string id)
    {
        for (var tries = 0; tries < 100; tries++)   // refusals are kept when there is time
        {
            var rejected = await deliveries.Where(d => d.Outcome == DeliveryOutcome.Rejected).ToListAsync();
            if (rejected.Find(d => Encoding.UTF8.GetString(d.Body!).Contains(id, StringComparison.Ordinal)) is { } found) return found;
            await Task.Delay(20);
        }
        throw new TimeoutException("The refused delivery was not kept.");
    }
}

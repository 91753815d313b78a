using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
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

/// <summary>Chargebee's door: user name and password, then the same way as everybody's.</summary>
public sealed class ChargebeeEndpointTests(ChargebeeEndpointTests.Host host) : IClassFixture<ChargebeeEndpointTests.Host>
{
    private const string User = "chargebee", Password = "a-long-password-1";

    [Fact]
    public async Task With_the_right_credentials_an_event_is_stored_and_a_repetition_is_a_duplicate()
    {
        var body = ChargebeeSamples.Customer(id: "ev_twice");
        foreach (var _ in (int[])[1, 2])
        {
            using var answer = await PostRightAsync(body);
            Assert.Equal((HttpStatusCode.OK, """{"received":true}"""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }

        await using var db = host.Store.OpenRead();
        var stored = await db.Events.SingleAsync(e => e.ProviderEventId == "ev_twice");
        Assert.Equal(("chargebee", "customer_created", StripeSamples.Noon, 2), (stored.Source, stored.Type, stored.OccurredAt, await db.Deliveries.CountAsync(d => d.EventId == stored.Id)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic ")]
    [InlineData("Basic !!!!")]
    [InlineData("Bearer Y2hhcmdlYmVlOmEtbG9uZy1wYXNzd29yZC0x")]   // the right pair under another scheme
    [InlineData("chargebee:a-long-password-2")]
    [InlineData("chargebeex:a-long-password-1")]
    [InlineData("chargebeea-long-password-1")]
    [InlineData(":")]
    public async Task With_any_other_it_is_401_and_kept_without_the_password(string? authorization)
    {
        using var answer = await PostAsync(ChargebeeSamples.Customer(), authorization?.Contains(' ', StringComparison.Ordinal) == true ? authorization : authorization is null ? null : Basic(authorization));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Basic", answer.Headers.WwwAuthenticate.Single().Scheme);
        await host.Store.WriteAsync(_ => { }, default);
        await using var db = host.Store.OpenRead();
        var kept = await db.Deliveries.OrderByDescending(d => d.Id).FirstAsync(d => d.Outcome == DeliveryOutcome.Rejected);
        Assert.Equal(("chargebee", "badCredentials", null), (kept.Source, kept.ReasonCode, kept.Signature));
    }

    [Fact]
    public async Task The_scheme_s_name_may_be_written_in_any_case()
    {
        using var answer = await PostAsync(ChargebeeSamples.Customer(), Basic($"{User}:{Password}").Replace("Basic", "basic", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Without_credentials_in_the_environment_it_is_404_and_what_is_no_JSON_is_400()
    {
        using var closed = await PostRightAsync(ChargebeeSamples.Customer(), environment: "production");
        using var unknown = await PostRightAsync(ChargebeeSamples.Customer(), environment: "mars");
        using var broken = await PostRightAsync("{\"id\":");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (closed.StatusCode, unknown.StatusCode, broken.StatusCode));
        Assert.Equal("noSecret", (await closed.Content.ReadFromJsonAsync<JsonElement>()).Text("title"));
    }

    [Theory]
    [InlineData("\\ud800", HttpStatusCode.OK)]   // shorter than any name that is looked for: it is stored, and the reader says why it cannot be read
    [InlineData("\\ud800aaaaaaaaaaaaaaaaaaaaaaaa", HttpStatusCode.BadRequest)]
    public async Task A_name_that_is_no_text_breaks_nothing(string name, HttpStatusCode status)
    {
        using var answer = await PostRightAsync($$"""{"{{name}}":1,"id":"ev_1"}""");
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task While_one_password_replaces_another_both_are_accepted()
    {
        await using var rolling = new Host();
        var credentials = rolling.Services.GetRequiredService<BasicCredentials>();
        Assert.True((await credentials.RollAsync(PortalEnvironment.Sandbox, $"{User}:the-next-password", TimeSpan.FromHours(1), Actor.System, default)).TryGet(out _, out _));

        foreach (var password in (string[])[Password, "the-next-password"])
        {
            using var answer = await PostAsync(ChargebeeSamples.Customer(), Basic($"{User}:{password}"), rolling);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        rolling.Clock.Pass(TimeSpan.FromHours(1.1));
        using var old = await PostAsync(ChargebeeSamples.Customer(), Basic($"{User}:{Password}"), rolling);
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.False(rolling.Database.Holds("the-next-password"));
    }

    private static string Basic(string pair) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";

    private Task<HttpResponseMessage> PostRightAsync(string body, string environment = "sandbox") => PostAsync(body, Basic($"{User}:{Password}"), host, environment);

    private Task<HttpResponseMessage> PostAsync(string body, string? authorization) => PostAsync(body, authorization, host);

    private static async Task<HttpResponseMessage> PostAsync(string body, string? authorization, PortalHost host, string environment = "sandbox")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/{environment}/chargebee") { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await host.CreateVisitor().SendAsync(request);
    }

    public sealed class Host : PortalHost
    {
        public Host() => (Settings["Bootstrap:Sandbox:Chargebee:Username"], Settings["Bootstrap:Sandbox:Chargebee:Password"]) = (User, ChargebeeEndpointTests.Password);
    }
}

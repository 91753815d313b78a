using System.Net;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Api;

public sealed class ErasuresApiTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private HttpClient _api = null!;

    public async Task InitializeAsync() => _api = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_person_is_erased_only_when_that_is_said_and_the_event_tells_that_its_payload_is_gone()
    {
        await _api.SendAsync("referrers", new { productUserId = "ann", ucc = SmallWorld.Ann, email = "ann@example.com", firstName = "Ann" });
        await _api.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann));

        var (status, tried) = await _api.SendAsync("erasures", new { newUserId = "user-1" });
        Assert.Equal((HttpStatusCode.OK, false, 1), (status, tried.GetProperty("isDone").GetBoolean(), tried.Number("payloads")));
        Assert.Equal("new.user@example.com", (await _api.ReadAsync("events/1")).Text("email"));

        (status, var done) = await _api.SendAsync("erasures", new { newUserId = "user-1", reason = "Ticket 4711", dryRun = false });
        Assert.Equal((HttpStatusCode.OK, true), (status, done.GetProperty("isDone").GetBoolean()));
        var erased = await _api.ReadAsync("events/1");
        Assert.Equal(("erasure", 0), (erased.Text("payloadRemoval"), erased.GetProperty("checks").GetArrayLength()));
        Assert.DoesNotContain("new.user@example.com", erased.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await _api.SendAsync("events/1/resend", new { })).Status);

        await _api.SendAsync("erasures", new { productUserId = "ann", reason = "Ticket 4712", dryRun = false });
        Assert.DoesNotContain("ann@example.com", (await _api.ReadAsync("referrers")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_cannot_be_done_names_what_is_wrong()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _api.SendAsync("erasures", new { newUserId = "nobody" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _api.SendAsync("erasures", new { newUserId = "a", customerId = "b" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _api.SendAsync("erasures", new { newUserId = "a", dryRun = false })).Status);
        using var anybody = _host.CreateVisitor();
        Assert.Equal(HttpStatusCode.Unauthorized, (await anybody.PostAsync(new Uri("/api/sandbox/v1/erasures", UriKind.Relative), null)).StatusCode);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Audit;

public sealed class AuditLogTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();

    [Fact]
    public async Task The_api_lists_the_changes_of_its_environment_by_actor_action_and_time()
    {
        await NoteAsync(PortalEnvironment.Sandbox, "ann@example.com", "payout.approved", 1);
        await NoteAsync(PortalEnvironment.Sandbox, "ben@example.com", "payout.approved", 2);
        await NoteAsync(PortalEnvironment.Sandbox, "ann@example.com", "payout.settled", 3);
        await NoteAsync(PortalEnvironment.Production, "ann@example.com", "payout.approved", 4);
        await NoteAsync(null, "ann@example.com", "user.created", 5);
        var client = await _host.CreateApiClientAsync(PortalEnvironment.Sandbox);

        Assert.Equal(["3", "1"], await TargetsAsync(client, "?actor=ann@example.com"));
        Assert.Equal(["2", "1"], await TargetsAsync(client, "?action=payout.approved"));
        Assert.Equal(["3"], await TargetsAsync(client, "?action=payout.settled&from=2020-01-01"));
        Assert.Empty(await TargetsAsync(client, "?actor=ann@example.com&to=2020-01-01"));
        Assert.Equal(["3"], await TargetsAsync(client, "?actor=ann@example.com&limit=1"));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/sandbox/v1/audit-log?from=yesterday")).StatusCode);
    }

    [Fact]
    public async Task The_page_is_for_administrators_and_shows_before_and_after_as_text()
    {
        await _host.Store.WriteAsync(db => db.Audit(new Actor("ann@example.com", "192.0.2.1"), _host.Clock.GetUtcNow(), PortalEnvironment.Sandbox, "campaign.renamed", "default", "<script>old</script>", "new name"), default);

        Assert.Equal("/account/denied", (await (await _host.CreateSignedInClientAsync(PortalRole.Finance)).GetAsync("/audit")).Headers.Location?.AbsolutePath);
        var page = await (await _host.CreateSignedInClientAsync(PortalRole.Administrator)).GetStringAsync("/audit?action=campaign.renamed");

        Assert.Contains("&lt;script&gt;old&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>old", page, StringComparison.Ordinal);
        Assert.Contains("new name", page, StringComparison.Ordinal);
        Assert.DoesNotContain("campaign.created", page, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private Task NoteAsync(PortalEnvironment? environment, string actor, string action, int target) =>
        _host.Store.WriteAsync(db => db.Audit(new Actor(actor, null), _host.Clock.GetUtcNow(), environment, action, $"{target}"), default);

    private static async Task<IEnumerable<string>> TargetsAsync(HttpClient client, string query) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/sandbox/v1/audit-log{query}")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("target").GetString()!);
}

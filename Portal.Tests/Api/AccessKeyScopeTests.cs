using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Api;

/// <summary>What an access key opens, how it is replaced, and what is known of its use.</summary>
public sealed class AccessKeyScopeTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();

    private AccessKeys Keys => _host.Services.GetRequiredService<AccessKeys>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_product_s_key_opens_the_product_s_paths_and_nothing_of_the_portal_s_own()
    {
        using var program = await ProgramAsync(await MakeAsync(AccessKey.ProductScope));

        using var told = await program.PostAsync("/api/sandbox/events", new StringContent(ApiSamples.Signup(), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/sandbox/referral-codes/abcdefghijk")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/sandbox/rewards")).StatusCode);
        foreach (var path in (string[])["rewards", "ledger/balances", "campaigns", "audit-log", "integration-status"])
            Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync($"/api/sandbox/v1/{path}")).StatusCode);
    }

    [Fact]
    public async Task Rolling_makes_a_second_pair_and_ends_the_first_after_its_overlap()
    {
        var old = await MakeAsync(AccessKey.ProductScope);
        using var before = await ProgramAsync(old);
        Assert.True((await Keys.RollAsync(PortalEnvironment.Sandbox, old.Id, TimeSpan.FromHours(1), Actor.System, default)).TryGet(out var rolled, out _));
        using var after = await ProgramAsync(rolled);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await UseAsync(before), await UseAsync(after)));
        _host.Clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await UseAsync(before), await UseAsync(after)));
        using var again = await TokenAsync(old);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);

        var rows = await Keys.ListAsync(PortalEnvironment.Sandbox, default);
        Assert.Equal((SecretState.Expired, SecretState.Active, AccessKey.ProductScope, "billing"), (rows.Single(r => r.Id == old.Id).State, rows[0].State, rows[0].Scope, rows[0].Name));
    }

    [Fact]
    public async Task The_last_use_is_noted_to_within_some_minutes()
    {
        var key = await MakeAsync(AccessKey.ProductScope);
        Assert.Null((await Keys.ListAsync(PortalEnvironment.Sandbox, default)).Single(k => k.Id == key.Id).LastUsedAt);
        using var program = await ProgramAsync(key);
        await UseAsync(program);
        var first = (await Keys.ListAsync(PortalEnvironment.Sandbox, default)).Single(k => k.Id == key.Id).LastUsedAt;
        Assert.NotNull(first);
        _host.Clock.Pass(TimeSpan.FromMinutes(4));
        await UseAsync(program);
        Assert.Equal(first, (await Keys.ListAsync(PortalEnvironment.Sandbox, default)).Single(k => k.Id == key.Id).LastUsedAt);
        _host.Clock.Pass(TimeSpan.FromMinutes(2));
        await UseAsync(program);
        Assert.True((await Keys.ListAsync(PortalEnvironment.Sandbox, default)).Single(k => k.Id == key.Id).LastUsedAt > first);
    }

    [Fact]
    public async Task Every_answer_carries_a_request_id_of_its_own()
    {
        using var visitor = _host.CreateVisitor();
        var ids = new HashSet<string>();
        foreach (var path in (string[])["/healthz/live", "/api/sandbox/rewards", "/api/sandbox/nothing", "/webhooks/sandbox/stripe", "/account/sign-in", "/openapi/v1.json", "/nowhere"])
        {
            using var answer = await visitor.GetAsync(path);
            Assert.True(ids.Add(Assert.Single(answer.Headers.GetValues("X-Request-Id"))), path);
        }
    }

    [Fact]
    public async Task The_api_s_document_describes_every_path_in_openapi_3_1()
    {
        using var visitor = _host.CreateVisitor();
        var document = await visitor.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var paths = document.GetProperty("paths").EnumerateObject().ToDictionary(p => p.Name, p => p.Value);

        Assert.StartsWith("3.1", document.Text("openapi"), StringComparison.Ordinal);
        Assert.All((string[])["/api/{environment}/token", "/api/{environment}/events", "/api/{environment}/referral-codes/{code}", "/api/{environment}/referral-codes/active-link/{productUserId}",
            "/api/{environment}/new-users/{productUserId}/reward", "/api/{environment}/referrers/{productUserId}/depersonalize", "/api/{environment}/rewards", "/api/{environment}/v1/integration-status",
            "/webhooks/{environment}/stripe", "/products/{productId}/transaction-webhook/chargebee"], path => Assert.Contains(path, paths.Keys));
        Assert.All(paths.Values.SelectMany(p => p.EnumerateObject()).Where(o => o.Value.ValueKind == JsonValueKind.Object), o => Assert.False(string.IsNullOrEmpty(o.Value.Text("summary"))));
        Assert.False(paths["/api/{environment}/token"].GetProperty("post").TryGetProperty("security", out _));
        Assert.True(paths["/api/{environment}/events"].GetProperty("post").TryGetProperty("security", out _));
    }

    private async Task<NewAccessKey> MakeAsync(string scope) =>
        (await Keys.CreateAsync(PortalEnvironment.Sandbox, "billing", scope, Actor.System, default)).TryGet(out var key, out var problem) ? key : throw new InvalidOperationException(problem.Detail);

    private Task<HttpResponseMessage> TokenAsync(NewAccessKey key) =>
        _host.CreateVisitor().PostAsJsonAsync("/api/sandbox/token", new { accessKeyId = key.AccessKeyId, secretAccessKey = key.SecretAccessKey });

    private async Task<HttpClient> ProgramAsync(NewAccessKey key)
    {
        using var answer = await TokenAsync(key);
        var program = _host.CreateVisitor();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("accessToken"));
        return program;
    }

    private static async Task<HttpStatusCode> UseAsync(HttpClient program)
    {
        using var answer = await program.GetAsync("/api/sandbox/rewards");
        return answer.StatusCode;
    }
}

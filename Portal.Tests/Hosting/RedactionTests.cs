using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Access;
using Xunit;

namespace Portal.Tests.Hosting;

/// <summary>What must be in no log and no answer: planted in every place where somebody may put it.</summary>
public sealed class RedactionTests : IAsyncLifetime
{
    private readonly LoggedLines _log = new();
    private readonly List<string> _planted = [];
    private readonly List<string> _answers = [];
    private readonly PortalHost _host;

    public RedactionTests() => _host = new PortalHost
    {
        MoreServices = services =>
        {
            ProbeEndpoints.AddTo(services);
            services.AddSingleton<ILoggerProvider>(_log);
        },
    };

    [Fact]
    public async Task Of_thirty_planted_values_none_is_in_a_log_or_an_answer()
    {
        var client = _host.CreateVisitor();
        foreach (var path in (string[])["/api/sandbox/token", "/api/sandbox/broken", "/api/sandbox/nothing", "/probe/broken", "/webhooks/sandbox/stripe", "/sandbox/events"])
        {
            using var request = new HttpRequestMessage(path.Contains("broken", StringComparison.Ordinal) || path.Contains("events", StringComparison.Ordinal) ? HttpMethod.Get : HttpMethod.Post, $"{path}?token={Plant()}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Plant());
            request.Headers.TryAddWithoutValidation("Cookie", $"portal={Plant()}");
            request.Headers.TryAddWithoutValidation("Stripe-Signature", $"t=1,v1={Plant()}");
            if (request.Method == HttpMethod.Post) request.Content = new StringContent($$"""{"accessKeyId":"key-sandbox","secretAccessKey":"{{Plant()}}","email":"{{Plant()}}@example.com" """, Encoding.UTF8, "application/json");
            await KeepAsync(await client.SendAsync(request));
        }
        await KeepAsync(await client.PostAsJsonAsync("/api/sandbox/token", new { accessKeyId = "key-sandbox", secretAccessKey = Plant() }));
        await KeepAsync(await client.PostAsJsonAsync("/api/sandbox/token", new { refreshToken = Plant() }));
        await KeepAsync(await client.PostStripeAsync($$$"""{"id":"evt_1","object":"event","type":"customer.created","data":{"object":{"email":"{{{Plant()}}}@example.com"} } }""", secret: $"whsec_{Plant()}"));
        await KeepAsync(await client.PostStripeAsync($$$"""{"id":"evt_2","object":"event","type":"customer.created","data":{"object":{"email":"{{{Plant()}}}@example.com","name":"{{{Plant()}}}"}"""));
        await KeepAsync(await _host.SignInAsync(client, $"{Plant()}@example.com", Plant()));
        await KeepAsync(await _host.PostFormAsync(client, AccountPaths.Code, null, ("code", Plant())));
        await KeepAsync(await _host.PostFormAsync(client, AccountPaths.Setup, null, ("code", Plant()), ("password", Plant())));
        _planted.AddRange([PortalHost.SigningSecret(Core.PortalEnvironment.Sandbox), PortalHost.SecretAccessKey(Core.PortalEnvironment.Sandbox), PortalHost.Password, PortalHost.AdminEmail]);
        await KeepAsync(await _host.SignInAsync(client, PortalHost.AdminEmail, PortalHost.Password));

        Assert.True(_planted.Count >= 30, $"{_planted.Count} planted");
        Assert.DoesNotContain(_planted, _log.Holds);
        Assert.DoesNotContain(_planted.Where(p => !IsWayBack(p)), p => _answers.Exists(a => a.Contains(p, StringComparison.Ordinal)));
        Assert.True(_log.Holds("its reference is"));   // so something was logged at all
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>Who is not signed in is led to the door with the address they asked for, which is their own.</summary>
    private bool IsWayBack(string planted) => _answers.Exists(a => a.Contains("returnUrl=", StringComparison.OrdinalIgnoreCase) && a.Contains(planted, StringComparison.Ordinal));

    private string Plant()
    {
        _planted.Add($"planted{_planted.Count:000}{Guid.NewGuid():N}");
        return _planted[^1];
    }

    private async Task KeepAsync(HttpResponseMessage answer)
    {
        _answers.Add($"{answer.Headers} {await answer.Content.ReadAsStringAsync()}");
        answer.Dispose();
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Hosting;

/// <summary>The built portal as a process of its own, killed without warning while it is acknowledging.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-crash-").FullName;
    private readonly Uri _address = new($"http://127.0.0.1:{FreePort()}");
    private TestDatabase _database = null!;
    private Process? _portal;

    [Fact]
    public async Task Whatever_was_acknowledged_survives_being_killed_and_is_rewarded_once()
    {
        var acknowledged = new ConcurrentBag<string>();
        var number = 0;
        await StartAsync();
        using (var api = await ApiClientAsync())
        {
            await api.SendAsync("referrers", new { productUserId = "ann", ucc = "abcDEF12345" });
            await api.SendAsync("campaigns/default/revisions", """{"effectiveFrom":"2020-01-01T00:00:00Z","rules":[{"kind":"purchase","percent":"20"}]}""");
        }

        for (var kill = 1; kill <= 3; kill++)
        {
            var before = acknowledged.Count;
            var senders = Enumerable.Range(0, 8).Select(_ => Task.Run(() => SendUntilDeadAsync(acknowledged, () => Interlocked.Increment(ref number)))).ToList();
            while (acknowledged.Count < before + 150) await Task.Delay(5);
            _portal!.Kill();   // SIGKILL: no farewell
            await Task.WhenAll(senders);
            await _portal.WaitForExitAsync();
            await StartAsync();
        }

        using (var api = await ApiClientAsync()) await api.UntilAsync("inbox", inbox => inbox.Number("pending") == 0);
        _portal!.Kill();
        await _portal.WaitForExitAsync();
        var stored = _database.Query("SELECT provider_event_id FROM events").ToHashSet();
        Assert.Empty(acknowledged.Except(stored));
        Assert.True(acknowledged.Count > 450, "too few to prove anything");
        if (TestDatabase.Server is null) Assert.Equal(["ok"], _database.Query("PRAGMA integrity_check"));
        Assert.Empty(_database.Query("SELECT provider_event_id FROM events WHERE state <> 'processed'"));
        var rewards = _database.Query("SELECT invoice_id || ' ' || earned FROM rewards");
        Assert.Equal(stored.Where(id => id.StartsWith("evt_paid_", StringComparison.Ordinal)).Select(id => $"in_{id["evt_paid_".Length..]} 2000").Order(), rewards.Order());
        Assert.Equal([$"{rewards.Count} {2 * rewards.Count} 0"], _database.Query("SELECT (SELECT count(*) FROM ledger_entry_sets) || ' ' || count(*) || ' ' || sum(amount) FROM ledger_entries"));
    }

    public Task InitializeAsync()
    {
        _database = new TestDatabase(Path.Combine(_directory, "data"));
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        if (_portal is { HasExited: false }) _portal.Kill(entireProcessTree: true);
        _portal?.Dispose();
        _database.Dispose();
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }

    private async Task SendUntilDeadAsync(ConcurrentBag<string> acknowledged, Func<int> next)
    {
        using var client = new HttpClient { BaseAddress = _address };
        try
        {
            while (true)
            {
                var n = next();
                string[] events = [StripeSamples.Customer(customer: $"cus_{n}", newUserId: $"user-{n}", eventId: $"evt_came_{n}"), StripeSamples.InvoicePaid($"cus_{n}", $"in_{n}", eventId: $"evt_paid_{n}")];
                foreach (var (body, id) in events.Zip([$"evt_came_{n}", $"evt_paid_{n}"]))
                {
                    using var answer = await client.PostStripeAsync(body);
                    if (answer.StatusCode == HttpStatusCode.OK) acknowledged.Add(id);
                }
            }
        }
        catch (HttpRequestException)
        {
            // it is dead
        }
    }

    private async Task StartAsync()
    {
        _portal?.Dispose();
        var built = Path.Combine(Repository.Root, "Portal", Path.GetRelativePath(Repository.Tests, AppContext.BaseDirectory), "Portal.dll");
        var start = new ProcessStartInfo("dotnet", [built]) { WorkingDirectory = _directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["Urls"] = _address.ToString(), ["Logging__LogLevel__Default"] = "Warning",
            ["Bootstrap__Admin__Email"] = PortalHost.AdminEmail, ["Bootstrap__Admin__Password"] = PortalHost.Password,
            ["Bootstrap__Sandbox__StripeSigningSecret"] = PortalHost.SigningSecret(Sandbox),
            ["Bootstrap__Sandbox__AccessKeyId"] = PortalHost.AccessKeyId(Sandbox), ["Bootstrap__Sandbox__SecretAccessKey"] = PortalHost.SecretAccessKey(Sandbox),
        })
        {
            start.Environment[key] = value;
        }
        _database.Configure(start);
        _portal = Process.Start(start)!;
        _portal.OutputDataReceived += (_, _) => { };
        _portal.BeginOutputReadLine();
        var errors = _portal.StandardError.ReadToEndAsync();
        using var client = new HttpClient { BaseAddress = _address };
        for (var tries = 0; tries < 300; tries++)
        {
            if (_portal.HasExited) throw new InvalidOperationException($"The portal did not start: {await errors}");
            try
            {
                using var answer = await client.GetAsync("/healthz/ready");
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // not yet
            }
            await Task.Delay(100);
        }
        throw new TimeoutException("The portal was not ready within 30 seconds.");
    }

    private async Task<HttpClient> ApiClientAsync()
    {
        var client = new HttpClient { BaseAddress = _address };
        using var answer = await client.PostAsJsonAsync("/api/sandbox/token", new { accessKeyId = PortalHost.AccessKeyId(Sandbox), secretAccessKey = PortalHost.SecretAccessKey(Sandbox) });
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("accessToken");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

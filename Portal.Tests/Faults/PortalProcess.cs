using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Portal.Core;

namespace Portal.Tests.Faults;

/// <summary>The built portal as a process of its own, on a database of its own: to be killed, stopped, starved and started again.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-process-").FullName;
    private Process? _portal;

    public PortalProcess() => Database = new TestDatabase(Path.Combine(_directory, "data"));

    public TestDatabase Database { get; }

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort()}");

    /// <summary>More environment variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public bool HasExited => _portal!.HasExited;

    /// <summary>Starts it, and returns when it is ready.</summary>
    public async Task StartAsync()
    {
        _portal?.Dispose();
        var built = Path.Combine(Repository.Root, "Portal", Path.GetRelativePath(Repository.Tests, AppContext.BaseDirectory), "Portal.dll");
        var start = new ProcessStartInfo("dotnet", [built]) { WorkingDirectory = _directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in new Dictionary<string, string>(Environment)
        {
            ["Urls"] = Address.ToString(), ["Logging__LogLevel__Default"] = "Warning",
            ["Bootstrap__Admin__Email"] = PortalHost.AdminEmail, ["Bootstrap__Admin__Password"] = PortalHost.Password,
            ["Bootstrap__Sandbox__StripeSigningSecret"] = PortalHost.SigningSecret(Sandbox),
            ["Bootstrap__Sandbox__AccessKeyId"] = PortalHost.AccessKeyId(Sandbox), ["Bootstrap__Sandbox__SecretAccessKey"] = PortalHost.SecretAccessKey(Sandbox),
        })
        {
            start.Environment[key] = value;
        }
        Database.Configure(start);
        _portal = Process.Start(start)!;
        _portal.OutputDataReceived += (_, _) => { };
        _portal.BeginOutputReadLine();
        var errors = _portal.StandardError.ReadToEndAsync();
        using var client = new HttpClient { BaseAddress = Address };
        for (var tries = 0; tries < 600; tries++)
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
        throw new TimeoutException("The portal was not ready within a minute.");
    }

    /// <summary>SIGKILL: no farewell.</summary>
    public async Task KillAsync()
    {
        _portal!.Kill();
        await _portal.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a container's engine says it.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> StopAsync(TimeSpan patience)
    {
        using (var kill = Process.Start("kill", ["-TERM", _portal!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(patience);
        await _portal.WaitForExitAsync(limit.Token);
        return _portal.ExitCode;
    }

    public async Task<HttpClient> ApiClientAsync()
    {
        var client = new HttpClient { BaseAddress = Address };
        using var answer = await client.PostAsJsonAsync("/api/sandbox/token", new { accessKeyId = PortalHost.AccessKeyId(Sandbox), secretAccessKey = PortalHost.SecretAccessKey(Sandbox) });
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("accessToken");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Sends customers with a payment each until nobody answers; remembers what was acknowledged.</summary>
    public async Task SendUntilDeadAsync(System.Collections.Concurrent.ConcurrentBag<string> acknowledged, Func<int> next)
    {
        using var client = new HttpClient { BaseAddress = Address };
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

    public ValueTask DisposeAsync()
    {
        if (_portal is { HasExited: false }) _portal.Kill(entireProcessTree: true);
        _portal?.Dispose();
        Database.Dispose();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Core;
using Portal.Core.Access;
using Portal.Demo;
using Xunit;

namespace Portal.Tests.Browser;

/// <summary>
/// One browser for all journeys, and one portal with a small history that came in as real signed requests: the demo's, and a story
/// of which the tests know every cent. Journeys that change what others look at start a portal of their own.
/// </summary>
public sealed class BrowserRoom : IAsyncLifetime
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
        "--host-resolver-rules=MAP *.shop.example 127.0.0.1"];

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly Dictionary<PortalRole, string> _sessions = [];
    private readonly StringWriter _console = new(CultureInfo.InvariantCulture);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public BrowserRoom() => Host = new PortalHost
    {
        Settings = { ["Demo:Enabled"] = "true", ["Demo:Customers"] = "26" },
        MoreServices = services => services.AddSingleton(new DemoConsole(TextWriter.Synchronized(_console))),
    };

    public PortalHost Host { get; }

    public Uri Address { get; private set; } = null!;

    /// <summary>The Sandbox's API.</summary>
    public HttpClient Api { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium(), Args = Arguments });
        Address = Host.Listen();
        for (var tries = 0; !_console.ToString().Contains("Ready:", StringComparison.Ordinal); tries++)
        {
            if (tries > 600) throw new TimeoutException($"The history did not arrive: {_console}");
            await Task.Delay(100);
        }
        Api = await Host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await Api.TellAsync(KnownStory.Events);
        foreach (var rates in new[] { KnownStory.Rates, KnownStory.RateSetRight }) await Api.SendAsync("exchange-rates", rates);
        await Api.SendAsync("payouts", new { currency = "USD", minimum = 1_000, note = "The spring's rewards" });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
        await Host.DisposeAsync();
        await _console.DisposeAsync();
    }

    /// <summary>Somebody with a fresh browser, signed in as a person of this role; nobody's for null.</summary>
    public async Task<Visitor> VisitAsync(PortalRole? role = PortalRole.Administrator)
    {
        var session = role is { } who ? await SessionAsync(who) : null;
        return await VisitAsync(Address, session);
    }

    /// <summary>Somebody with a fresh browser at another portal.</summary>
    public async Task<Visitor> VisitAsync(Uri address, string? session = null)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = address.AbsoluteUri, StorageState = session, ColorScheme = ColorScheme.Light, ViewportSize = new() { Width = 1440, Height = 900 },
        });
        context.SetDefaultTimeout(15_000);
        return await Visitor.OpenAsync(context);
    }

    private async Task<string> SessionAsync(PortalRole role)
    {
        if (_sessions.TryGetValue(role, out var known)) return known;
        var user = await Host.UserAsync(role);
        await using var visitor = await VisitAsync(null);
        await visitor.SignInAsync(user.Email, PortalHost.Password);
        await visitor.HeadingAsync("Overview");
        return _sessions[role] = await visitor.Page.Context.StorageStateAsync();
    }

    private static string Chromium()
    {
        var named = Environment.GetEnvironmentVariable("CHROMIUM");
        return (string.IsNullOrEmpty(named) ? Places : [named]).FirstOrDefault(File.Exists) ?? throw new InvalidOperationException(
            $"There is no Chromium at {named ?? string.Join(", ", Places)}. The browser tests need one: install it (test.sh does, by apt-get install chromium) or name it in CHROMIUM.");
    }
}

/// <summary>All journeys share the room, and nothing else runs beside them: they are about time too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrowserCollection : ICollectionFixture<BrowserRoom>
{
    public const string Name = "Browser";
}

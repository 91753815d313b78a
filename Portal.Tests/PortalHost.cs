using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;

namespace Portal.Tests;

/// <summary>
/// The real portal in a data directory of its own, with an administrator, and with an access key and a signing secret in each
/// environment. Set <see cref="Settings"/> before the first use to have it otherwise; <see cref="Listen"/> for a browser.
/// </summary>
public class PortalHost : WebApplicationFactory<Program>
{
    public const string AdminEmail = "admin@example.com";
    public const string Password = "heron lantern quiet 42";

    private static readonly ConcurrentDictionary<string, TestDatabase> Databases = [];

    private readonly ConditionalWeakTable<HttpClient, CookieContainer> _cookies = [];
    private bool _keepsDirectory;

    public string DataDirectory { get; init; } = Directory.CreateTempSubdirectory("portal-host-").FullName;

    public TestClock Clock { get; } = new();

    /// <summary>Configuration as an operator would give it; null takes a key away.</summary>
    public Dictionary<string, string?> Settings { get; } = new()
    {
        ["Bootstrap:Admin:Email"] = AdminEmail,
        ["Bootstrap:Admin:Password"] = Password,
        ["Bootstrap:Sandbox:AccessKeyId"] = AccessKeyId(PortalEnvironment.Sandbox),
        ["Bootstrap:Sandbox:SecretAccessKey"] = SecretAccessKey(PortalEnvironment.Sandbox),
        ["Bootstrap:Sandbox:StripeSigningSecret"] = SigningSecret(PortalEnvironment.Sandbox),
        ["Bootstrap:Production:AccessKeyId"] = AccessKeyId(PortalEnvironment.Production),
        ["Bootstrap:Production:SecretAccessKey"] = SecretAccessKey(PortalEnvironment.Production),
        ["Bootstrap:Production:StripeSigningSecret"] = SigningSecret(PortalEnvironment.Production),
    };

    /// <summary>Whether passwords cost as much as where it runs in earnest. They do not, so that the tests take minutes less.</summary>
    public bool HashesInEarnest { get; init; }

    /// <summary>More services, or others.</summary>
    public Action<IServiceCollection>? MoreServices { get; init; }

    /// <summary>The database of the data directory: a host on the same directory finds it.</summary>
    public TestDatabase Database => Of?.Database ?? Databases.GetOrAdd(DataDirectory, directory => new TestDatabase(directory) { Port = DatabasePort });

    /// <summary>Another portal whose database this one shares; only on a server.</summary>
    public PortalHost? Of { get; init; }

    /// <summary>A port that leads to the database's server, where a test stands in between.</summary>
    public int? DatabasePort { get; init; }

    public PortalStore Store => Services.GetRequiredService<PortalStore>();

    public static string AccessKeyId(PortalEnvironment environment) => $"key-{environment.Slug()}";

    public static string SecretAccessKey(PortalEnvironment environment) => $"access-secret-of-{environment.Slug()}";

    public static string SigningSecret(PortalEnvironment environment) => $"whsec_of_{environment.Slug()}_0123456789";

    /// <summary>Listens on a free port of this machine, for a browser or another process.</summary>
    public Uri Listen()
    {
        UseKestrel(0);
        StartServer();
        return ClientOptions.BaseAddress;
    }

    /// <summary>Leaves the data directory for another host to find.</summary>
    public PortalHost KeepDirectory()
    {
        _keepsDirectory = true;
        return this;
    }

    /// <summary>A browser without a page: keeps cookies, follows no redirect.</summary>
    public HttpClient CreateVisitor()
    {
        var cookies = new CookieContainer();
        var client = CreateDefaultClient(new CookieContainerHandler(cookies));
        client.BaseAddress ??= ClientOptions.BaseAddress;
        _cookies.Add(client, cookies);
        return client;
    }

    /// <summary>The same person in the same browser, whom a proxy sends to this portal instead.</summary>
    public HttpClient CreateVisitorWithCookiesOf(PortalHost other, HttpClient person)
    {
        var client = CreateVisitor();
        if (_cookies.TryGetValue(client, out var cookies)) cookies.Add(other.CookiesOf(person));
        return client;
    }

    /// <summary>A program with an access token.</summary>
    public async Task<HttpClient> CreateApiClientAsync(PortalEnvironment environment)
    {
        var client = CreateVisitor();
        var answer = await client.PostAsJsonAsync($"/api/{environment.Slug()}/token", new
        {
            accessKeyId = AccessKeyId(environment), secretAccessKey = SecretAccessKey(environment),
        });
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A person of this role, signed in through the form.</summary>
    public async Task<HttpClient> CreateSignedInClientAsync(PortalRole role)
    {
        var client = CreateVisitor();
        var answer = await SignInAsync(client, (await UserAsync(role)).Email, Password);
        if (answer.Headers.Location?.OriginalString != "/") throw new InvalidOperationException($"Signing in led to {answer.Headers.Location}.");
        return client;
    }

    /// <summary>The account of this role, made when it is first asked for.</summary>
    public async Task<PortalUser> UserAsync(PortalRole role)
    {
        await using var scope = Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var email = role == PortalRole.Administrator ? AdminEmail : $"{role.Word()}@example.com";
        if (await users.FindByEmailAsync(email) is { } there) return there;
        var made = await users.CreateAsync(NewUser.Named(email, role, Clock), Password);
        return made.Succeeded ? (await users.FindByEmailAsync(email))! : throw new InvalidOperationException(made.ToString());
    }

    public Task<HttpResponseMessage> SignInAsync(HttpClient client, string email, string password, string? returnUrl = null) =>
        PostFormAsync(client, AccountPaths.SignIn, null, ("email", email), ("password", password), ("returnUrl", returnUrl ?? ""));

    /// <summary>Posts a form as a page of ours would, its anti-forgery token included; <paramref name="person"/> is who sees the page.</summary>
    public async Task<HttpResponseMessage> PostFormAsync(HttpClient client, string path, ClaimsPrincipal? person, params (string Name, string Value)[] fields)
    {
        await using var scope = Services.CreateAsyncScope();
        var page = new DefaultHttpContext { RequestServices = scope.ServiceProvider, User = person ?? new() };
        var tokens = scope.ServiceProvider.GetRequiredService<IAntiforgery>().GetTokens(page);
        if (_cookies.TryGetValue(client, out var cookies)) cookies.Add(client.BaseAddress!, new Cookie("portal-form", tokens.CookieToken));
        var form = fields.Append((Name: tokens.FormFieldName, Value: tokens.RequestToken!)).Select(f => KeyValuePair.Create(f.Name, f.Value));
        using var content = new FormUrlEncodedContent(form);
        return await client.PostAsync(path, content);
    }

    /// <summary>A browser's cookies for this host.</summary>
    public CookieCollection CookiesOf(HttpClient client) => _cookies.TryGetValue(client, out var cookies) ? cookies.GetCookies(client.BaseAddress!) : [];

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Production);   // what ships
        builder.UseSetting("Portal:DataDirectory", DataDirectory);
        if (!Settings.ContainsKey("Demo:Enabled")) Database.Prepare();   // the demo wants a directory of its own
        if (Database.ConnectionString is { } server)
        {
            builder.UseSetting("Database:Provider", "Postgres");
            builder.UseSetting("ConnectionStrings:Portal", server);
        }
        foreach (var (key, value) in Settings.Where(s => s.Value is not null)) builder.UseSetting(key, value);
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            if (!HashesInEarnest) services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1_000);
            MoreServices?.Invoke(services);
        });
    }

    protected override IHost CreateHost(IHostBuilder builder)
    {
        var host = base.CreateHost(builder);
        try
        {
            if (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested) return host;
        }
        catch (ObjectDisposedException)
        {
            // It refused to start and has put everything away already.
        }
        throw new InvalidOperationException("The portal refused to start; standard error says why.");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (!_keepsDirectory)
        {
            if (Databases.TryRemove(DataDirectory, out var database)) database.Dispose();
            if (Directory.Exists(DataDirectory)) Directory.Delete(DataDirectory, recursive: true);
        }
        GC.SuppressFinalize(this);
    }
}

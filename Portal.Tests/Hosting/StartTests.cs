using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Campaigns;
using Xunit;

namespace Portal.Tests.Hosting;

/// <summary>Starts the program itself, as an operator does.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-start-").FullName;

    [Theory]
    [InlineData("Database:Provider", "Oracle")]
    [InlineData("Database:Provider", "Postgres")]
    [InlineData("Portal:PublicUrl", "portal.example")]
    [InlineData("Portal:DataDirectory", " ")]
    [InlineData("Portal:TrustedProxies:0", "everybody")]
    [InlineData("Portal:MasterKey", "not-a-key")]
    [InlineData("Portal:MasterKeyFile", "no/such.key")]
    [InlineData("Urls", "localhost:99999999")]
    [InlineData("Backup:Keep", "0")]
    [InlineData("Retention:PayloadDays", "7")]
    [InlineData("Telemetry:OtlpEndpoint", "collector:4318/x")]
    [InlineData("Telemetry:OtlpProtocol", "carrier pigeon")]
    [InlineData("Telemetry:MetricsToken", "short")]
    [InlineData("Health:LeastFreeMebibytes", "-1")]
    [InlineData("Bootstrap:Admin:Email", "nobody")]
    [InlineData("Bootstrap:Admin:Password", "password1234")]
    [InlineData("Bootstrap:Production:StripeSigningSecret", "sk_live_0123456789")]
    [InlineData("Bootstrap:Sandbox:AccessKeyId", "half-a-pair")]
    public async Task A_wrong_value_stops_the_start_with_one_line_that_names_its_key(string key, string value)
    {
        var (exit, error, output) = await RunAsync((key, value));

        Assert.Equal(1, exit);
        Assert.Contains(key.Replace(":0", "", StringComparison.Ordinal), Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk_live", output + error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task A_second_portal_on_the_same_data_directory_is_refused()
    {
        await using var first = new PortalHost { DataDirectory = Path.Combine(_directory, "data") };
        _ = first.Services;

        var (exit, error, _) = await RunAsync();

        Assert.Equal(1, exit);
        Assert.Contains("Another portal has the data directory", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_start_makes_the_campaigns_and_closes_the_data_directory_to_others()
    {
        await using var host = new PortalHost();
        await using var db = host.Store.OpenRead();

        Assert.Equal(2, await db.Campaigns.CountAsync(c => c.CampaignId == Campaign.Default));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(host.DataDirectory));
    }

    [Fact]
    public async Task A_second_start_adds_nothing_twice()
    {
        await using (var first = new PortalHost { DataDirectory = Path.Combine(_directory, "twice") }.KeepDirectory()) _ = first.Services;

        await using var host = new PortalHost { DataDirectory = Path.Combine(_directory, "twice") };
        await using var db = host.Store.OpenRead();

        Assert.Equal(2, await db.Campaigns.CountAsync());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<(int Exit, string Error, string Output)> RunAsync(params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "Portal.dll"))
        {
            WorkingDirectory = _directory, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment["Urls"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (error, output) = (process.StandardError.ReadToEndAsync(patience.Token), process.StandardOutput.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
        return (process.ExitCode, await error, await output);
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using Xunit;

namespace Portal.Tests.Hosting;

/// <summary><c>ledger verify</c> as an operator runs it: a process of its own, beside the portal or alone.</summary>
public sealed class LedgerVerifyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-verify-").FullName;

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task It_agrees_names_what_differs_and_writes_nothing()
    {
        var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
        var data = Path.GetDirectoryName(portal.DatabasePath)!;
        try
        {
            var (exit, output, error) = await VerifyAsync(data);   // beside the one that has the directory's lock
            Assert.Equal((0, ""), (exit, error));
            Assert.Contains((await portal.Ledger.HashAsync(Core.PortalEnvironment.Sandbox, default)).Hash, output, StringComparison.Ordinal);
            Assert.Equal(2, output.Split('\n').Count(l => l.EndsWith("no difference", StringComparison.Ordinal)));

            portal.Tamper("UPDATE rewards SET hold_until = {epoch}");
            var before = Files(data);
            (exit, output, error) = await VerifyAsync(data);
            Assert.Equal((1, ""), (exit, error));
            Assert.Contains("in_1", Assert.Single(output.Split('\n'), l => l.Contains("\treward\t", StringComparison.Ordinal)), StringComparison.Ordinal);
            Assert.Equal(before, Files(data));

            portal.Stop();   // the portal stops; its log goes into the database
            before = Files(data);
            Assert.Equal(1, (await VerifyAsync(data)).Exit);
            Assert.Equal(before["portal.db"], Files(data)["portal.db"]);
        }
        finally
        {
            portal.Dispose();
        }
    }

    [Fact]
    [Trait("Database", "Postgres")]
    public async Task Beside_portals_on_a_server_it_agrees_and_names_what_differs()
    {
        using var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());

        var (exit, output, error) = await VerifyAsync(_directory, portal.Database);
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains((await portal.Ledger.HashAsync(Core.PortalEnvironment.Sandbox, default)).Hash, output, StringComparison.Ordinal);

        portal.Tamper("UPDATE rewards SET hold_until = {epoch}");
        Assert.Equal(1, (await VerifyAsync(_directory, portal.Database)).Exit);
    }

    [Fact]
    public async Task Where_it_cannot_run_it_says_why_in_one_line()
    {
        var (exit, output, error) = await VerifyAsync(Path.Combine(_directory, "nothing"));
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("There is no database at", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_directory, "nothing")));

        await File.WriteAllTextAsync(Path.Combine(_directory, "portal.db"), "no database");
        (exit, _, error) = await VerifyAsync(_directory);
        Assert.Equal((2, 1), (exit, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>The files that matter; the readers' own notes of who reads (-shm) are none of the ledger's.</summary>
    private static Dictionary<string, string> Files(string data) => Directory.EnumerateFiles(data)
        .Where(f => Path.GetFileName(f) is "portal.db" or "portal.db-wal").ToDictionary(f => Path.GetFileName(f), f =>
        {
            using var file = new FileStream(f, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return Convert.ToHexString(SHA256.HashData(file));
        });

    private async Task<(int Exit, string Output, string Error)> VerifyAsync(string data, TestDatabase? database = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Portal.dll"), "ledger", "verify"])
        {
            WorkingDirectory = _directory, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        database?.Configure(start);
        start.Environment["Portal__DataDirectory"] = data;
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
        return (process.ExitCode, (await output).TrimEnd(), await error);
    }
}

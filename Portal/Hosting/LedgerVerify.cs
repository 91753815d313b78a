using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Rebuild;
using Portal.Core.Postgres;
using Portal.Core.Sqlite;

namespace Portal.Hosting;

/// <summary>
/// <c>ledger verify</c>: recomputes both environments beside a running portal or alone, writes nothing, and prints what differs.
/// Exit status 0 where nothing does, 1 where something does, 2 where it cannot run.
/// </summary>
internal static class LedgerVerify
{
    /// <summary>Whether the command line asks for it.</summary>
    public static bool IsAsked(string[] args) => args is ["ledger", "verify", ..];

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var store = Open(args);
            using var owner = (IDisposable)store;
            var differ = false;
            foreach (var environment in PortalEnvironments.All) differ |= await VerifyAsync(store, environment);
            return differ ? 1 : 0;
        }
        catch (Exception exception) when (StartUp.Explain(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync($"The ledger cannot be verified: {reason.ReplaceLineEndings(" ")}");
            return 2;
        }
    }

    private static async Task<bool> VerifyAsync(PortalStore store, PortalEnvironment environment)
    {
        var report = await new LedgerRebuild(store, environment).RunAsync(_ => Task.CompletedTask, CancellationToken.None);
        foreach (var d in report.Differences)
            Console.WriteLine($"{environment.Slug()}\t{d.Kind.Word()}\t{d.Unit}\t{d.Subject}\t{d.Before}\t→\t{d.After}".ReplaceLineEndings(" "));
        foreach (var sum in report.Sums) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{environment.Slug()}\tin all\t{sum.Currency}\t{sum.Change:+#;-#} minor units"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{environment.Slug()}: {report.Events} events, {report.Referrals} referrals, {report.Rewards} rewards in {report.Seconds} s, {report.ReadingSeconds} s of them for the events; rebuilt {report.Hash}, stored {report.StoredHash}; {Verdict(report)}"));
        if (report.FromFacts > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{environment.Slug()}: {report.FromFacts} of the events have no payload any more and were taken from their facts, {report.FromOlderReading} of them as an earlier version of the readers told them"));
        return report.DifferencesInAll > 0;
    }

    private static string Verdict(RebuildReport report) => (report.DifferencesInAll switch { 0 => "no difference", 1 => "1 difference", var n => $"{n} differences" })
        + (report.FoldsWaiting > 0 ? $", while {report.FoldsWaiting} changes still wait to be folded" : "");

    /// <summary>The database that the configuration names, for reading.</summary>
    internal static PortalStore Open(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args[2..], ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddPortalOptions();
        using var services = builder.Services.BuildServiceProvider();
        if (services.GetRequiredService<IOptions<DatabaseOptions>>().Value.IsPostgres)
            return PostgresDatabase.OpenReading(builder.Configuration.GetConnectionString(DatabaseOptions.ConnectionName)!, NullLoggerFactory.Instance);
        return SqliteReading.Open(services.GetRequiredService<IOptions<PortalOptions>>().Value.DataPath("portal.db"));
    }
}

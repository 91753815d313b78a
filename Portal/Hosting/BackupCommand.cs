using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Sqlite;

namespace Portal.Hosting;

/// <summary>
/// <c>backup PATH</c>: copies the database beside a running portal or alone, and prints what the copy holds. Exit status 0 where it
/// stands, checked and on disk; 1 with one line where it does not.
/// </summary>
internal static class BackupCommand
{
    /// <summary>Whether the command line asks for it.</summary>
    public static bool IsAsked(string[] args) => args is ["backup", ..];

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (args is not [_, { Length: > 0 } path, ..] || path.StartsWith("--", StringComparison.Ordinal)) throw new BackupFailedException("Name a file or a directory: backup PATH.");
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args[2..], ContentRootPath = AppContext.BaseDirectory });
            if (DatabaseOptions.Of(builder.Configuration).IsPostgres)
                throw new BackupFailedException("PostgreSQL is backed up with pg_dump, or with base backups and its log: docs/operation.md, 'Backup', has the commands.");
            builder.Services.AddPortalOptions();
            using var services = builder.Services.BuildServiceProvider();
            var database = services.GetRequiredService<IOptions<PortalOptions>>().Value.DataPath("portal.db");
            SqliteReading.Open(database).Dispose();   // is there, is of this version, and has no log of another one beside it
            var report = await SqliteBackup.MakeAsync(database, path, CancellationToken.None);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{report.Path}: {report.Bytes} bytes, {report.Events} events up to {report.LastEvent}, in {report.Took.TotalSeconds:0.00} s; it passes SQLite's check"));
            foreach (var (environment, ledger) in report.Ledgers)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{environment.Slug()}: {ledger.Rewards} rewards, ledger {ledger.Hash}"));
            return 0;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"No backup was made: {(StartUp.Explain(exception) ?? exception.Message).ReplaceLineEndings(" ")}");
            return 1;
        }
    }
}

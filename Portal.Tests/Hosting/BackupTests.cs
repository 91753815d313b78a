using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Rebuild;
using Portal.Core.Sqlite;
using Xunit;

namespace Portal.Tests.Hosting;

/// <summary>Backups beside a running portal, and what it takes to go on from one.</summary>
[Trait("Database", "Sqlite")]
public sealed class BackupTests : IDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;

    private readonly string _directory = Directory.CreateTempSubdirectory("portal-backup-").FullName;

    [Fact]
    public async Task A_backup_made_while_events_come_in_rebuilds_to_the_ledger_of_its_last_event()
    {
        using var portal = await PortalAsync();
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
        using var enough = new CancellationTokenSource();
        var sending = SendAsync(portal, enough.Token);
        for (var i = 0; i < 5; i++)
        {
            var report = await SqliteBackup.MakeAsync(portal.DatabasePath, Path.Combine(_directory, $"{i}.db"), default);
            using var backup = SqliteReading.Open(report.Path);
            var rebuilt = await new LedgerRebuild(backup, Sandbox).RunAsync(_ => Task.CompletedTask, default);
            Assert.Equal((rebuilt.StoredHash, report.Ledgers[0].Ledger.Hash), (report.Ledgers[0].Ledger.Hash, rebuilt.Hash));
            Assert.Empty(rebuilt.Differences);
            Assert.True(report.Events > 0);
        }
        await enough.CancelAsync();
        await sending;
        Assert.Equal(5, Directory.GetFiles(_directory).Length);   // and nothing beside them
    }

    [Fact]
    public async Task A_backup_copied_back_is_not_damaged_by_the_log_of_the_database_that_it_replaces()
    {
        var portal = await PortalAsync();
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
        var report = await SqliteBackup.MakeAsync(portal.DatabasePath, Path.Combine(_directory, "kept.db"), default);
        for (var i = 0; i < 40; i++) await portal.TellAsync(StripeSamples.Customer(customer: $"cus_x{i}", newUserId: $"x{i}", ucc: SmallWorld.Ann));

        // As after a crash: the database's own log is still there when the backup is copied over it.
        var data = Path.Combine(_directory, "data");
        Directory.CreateDirectory(data);
        var database = Path.Combine(data, "portal.db");
        Copy(portal.DatabasePath + "-wal", database + "-wal");
        File.Copy(report.Path, database);
        portal.Dispose();
        Assert.True(new FileInfo(database + "-wal").Length > 0);

        Assert.Contains("log of the one that it replaced", Assert.Throws<StoreNotOpenedException>(() => SqliteReading.Open(database)).Message, StringComparison.Ordinal);
        using (var restored = new RestoredPortal(database))
        {
            await using var db = restored.Store.OpenRead();
            Assert.Equal(report.Events, await db.Events.CountAsync());
            var rebuilt = await new LedgerRebuild(restored.Store, Sandbox).RunAsync(_ => Task.CompletedTask, default);
            Assert.Equal((report.Ledgers[0].Ledger.Hash, report.Ledgers[0].Ledger.Hash), (rebuilt.Hash, rebuilt.StoredHash));
        }
        Assert.True(File.Exists($"{database}-wal.of-the-replaced-database"));
        Assert.False(SqliteFile.IsBackup(database));   // from its first start on it is a database in use
    }

    [Fact]
    public async Task A_backup_goes_over_another_backup_and_over_nothing_else()
    {
        using var portal = await PortalAsync();
        var path = Path.Combine(_directory, "portal.db");
        await SqliteBackup.MakeAsync(portal.DatabasePath, path, default);
        await SqliteBackup.MakeAsync(portal.DatabasePath, _directory, default);   // a directory gets a portal.db
        Assert.Equal([path], Directory.GetFiles(_directory));

        foreach (var (name, content) in new[] { ("notes.txt", "mine"), ("empty.db", "") })
        {
            var file = Path.Combine(_directory, name);
            await File.WriteAllTextAsync(file, content);
            await Assert.ThrowsAsync<BackupFailedException>(() => SqliteBackup.MakeAsync(portal.DatabasePath, file, default));
            Assert.Equal(content, await File.ReadAllTextAsync(file));
        }
        using var other = await PortalAsync();
        await Assert.ThrowsAsync<BackupFailedException>(() => SqliteBackup.MakeAsync(portal.DatabasePath, other.DatabasePath, default));
        await Assert.ThrowsAsync<BackupFailedException>(() => SqliteBackup.MakeAsync(portal.DatabasePath, Path.GetDirectoryName(portal.DatabasePath)!, default));
    }

    [Fact]
    public async Task A_copy_that_is_damaged_is_no_backup()
    {
        var portal = await PortalAsync();
        await portal.TellAsync(Enumerable.Range(0, 60).Select(i => StripeSamples.Customer(customer: $"cus_{i}", newUserId: $"u{i}")));
        var path = portal.DatabasePath;
        ((IDisposable)portal.Store).Dispose();
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = file.Length / 2 / 16384 * 16384;   // somewhere in the middle, one whole page
            file.Write(new byte[16384]);
        }
        var failed = await Record.ExceptionAsync(() => SqliteBackup.MakeAsync(path, Path.Combine(_directory, "kept.db"), default));
        Assert.True(failed is BackupFailedException or StoreNotOpenedException, failed?.ToString());
        Assert.Empty(Directory.GetFiles(_directory));
        portal.Dispose();
    }

    [Fact]
    public async Task The_command_prints_what_the_backup_holds_and_says_in_one_line_why_there_is_none()
    {
        using var portal = await PortalAsync();
        await portal.TellAsync(StripeSamples.Customer(ucc: SmallWorld.Ann), StripeSamples.InvoicePaid());
        var data = Path.GetDirectoryName(portal.DatabasePath)!;
        var (exit, output, error) = await CommandAsync(data, "backup", Path.Combine(_directory, "kept.db"));
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("2 events up to 2", output, StringComparison.Ordinal);
        Assert.Contains($"sandbox: 1 rewards, ledger {(await portal.Ledger.HashAsync(Sandbox, default)).Hash}", output, StringComparison.Ordinal);

        foreach (var (directory, arguments, says) in new (string, string[], string)[]
        {
            (data, ["backup"], "Name a file"),
            (Path.Combine(_directory, "nothing"), ["backup", _directory], "There is no database"),
            (data, ["backup", portal.DatabasePath], "is the database itself"),
            (data, ["backup", "/proc/none/kept.db"], "/proc/none"),
            (data, ["backup", _directory, "--Database:Provider=Postgres"], "pg_dump"),
        })
        {
            (exit, output, error) = await CommandAsync(directory, arguments);
            Assert.Equal((1, ""), (exit, output));
            Assert.Contains(says, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_shelf_keeps_the_newest_and_leaves_alone_what_is_not_its_own()
    {
        var (shelf, now) = (new BackupShelf(_directory, 3), new DateTimeOffset(2026, 3, 1, 4, 0, 0, TimeSpan.Zero));
        Assert.Null(shelf.NewestAt());
        for (var day = 0; day < 5; day++) File.WriteAllText(shelf.PathAt(now.AddDays(day)), "");
        File.WriteAllText(Path.Combine(_directory, "portal-before-the-move.db"), "");
        Assert.Equal((now.AddDays(4), 2), (shelf.NewestAt(), shelf.Trim(now.AddDays(4))));
        Assert.Equal(["portal-20260303-040000.db", "portal-20260304-040000.db", "portal-20260305-040000.db", "portal-before-the-move.db"], Directory.GetFiles(_directory).Select(f => Path.GetFileName(f)!).Order());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<PortalOnDisk> PortalAsync()
    {
        var portal = new PortalOnDisk();
        await portal.ReferrerAsync(SmallWorld.Ann, "ann");
        await portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await portal.DrainAsync();
        return portal;
    }

    private static async Task SendAsync(PortalOnDisk portal, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            await portal.TellAsync(StripeSamples.Customer(customer: $"cus_{i}", newUserId: $"user-{i}", ucc: SmallWorld.Ann),
                StripeSamples.InvoicePaid($"cus_{i}", $"in_{i}", paymentIntent: $"pi_{i}", charge: $"ch_{i}"));
        }
    }

    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = File.Create(to);
        source.CopyTo(target);
    }

    private async Task<(int Exit, string Output, string Error)> CommandAsync(string data, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Portal.dll"), .. arguments])
        {
            WorkingDirectory = _directory, RedirectStandardError = true, RedirectStandardOutput = true,
        };
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

    /// <summary>The store over a file that was copied back.</summary>
    private sealed class RestoredPortal : IDisposable
    {
        public RestoredPortal(string database)
        {
            Store = SqliteDatabase.At(database, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance).Store;
            Store.Open();
        }

        public PortalStore Store { get; }

        public void Dispose() => ((IDisposable)Store).Dispose();
    }
}

using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Audit;

/// <summary>Whoever changes the audit log behind the portal's back is found out.</summary>
public sealed class AuditChainTests : IDisposable
{
    private const string Unguarded = "DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete; DROP TRIGGER audit_log_no_replace; ";

    private readonly PortalOnDisk _portal = new();

    [Fact]
    [Trait("Database", "Sqlite")]   // by its own SQL; the chain knows no database
    public async Task Of_a_hundred_entries_altered_deleted_or_inserted_a_hundred_are_found()
    {
        await WriteAsync(40);
        Assert.True((await VerifyAsync()).Holds);
        _portal.Tamper(Unguarded + "CREATE TABLE saved AS SELECT * FROM audit_log; UPDATE audit_log SET id = id WHERE id = 1");
        var (random, found) = (new Random(4), 0);

        for (var i = 0; i < 100; i++)
        {
            var id = random.Next(1, 41);
            _portal.Tamper((i % 10) switch
            {
                0 => $"UPDATE audit_log SET actor = 'nobody' WHERE id = {id}",
                1 => $"UPDATE audit_log SET after = coalesce(after, '') || '.' WHERE id = {id}",
                2 => $"UPDATE audit_log SET at = at + 1 WHERE id = {id}",
                3 => $"UPDATE audit_log SET environment = CASE environment WHEN 'sandbox' THEN 'production' ELSE 'sandbox' END WHERE id = {id}",
                4 => $"UPDATE audit_log SET before = after, after = before WHERE id = {id}",
                5 => $"DELETE FROM audit_log WHERE id = {id}",
                6 => "DELETE FROM audit_log WHERE id = (SELECT max(id) FROM audit_log)",
                7 => $"INSERT INTO audit_log (at, actor, action, target, hash) SELECT at, actor, action, target, hash FROM audit_log WHERE id = {id}",
                8 => $"INSERT INTO audit_log (id, at, actor, action, target) VALUES ({-id}, 1, 'nobody', 'nothing', 'nowhere')",
                _ => $"UPDATE audit_log SET hash = NULL WHERE id = {id}",
            });
            if (!(await VerifyAsync()).Holds) found++;
            _portal.Tamper("DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM saved");
        }

        Assert.Equal(100, found);
        Assert.True((await VerifyAsync()).Holds);
    }

    [Fact]
    [Trait("Database", "Sqlite")]   // by its own SQL; the chain knows no database
    public async Task Entries_that_swapped_places_and_a_lost_end_are_found()
    {
        await WriteAsync(6);
        _portal.Tamper(Unguarded + "UPDATE audit_log SET id = -1 WHERE id = 3; UPDATE audit_log SET id = 3 WHERE id = 4; UPDATE audit_log SET id = 4 WHERE id = -1");
        Assert.Equal(3, (await VerifyAsync()).BrokenAt);

        _portal.Tamper("DELETE FROM audit_head");
        Assert.False((await VerifyAsync()).Holds);
        await WriteAsync(1);   // a new end does not heal it
        Assert.False((await VerifyAsync()).Holds);
    }

    [Fact]
    [Trait("Database", "Sqlite")]   // by its own SQL; the chain knows no database
    public async Task What_is_older_than_the_chain_is_bound_by_its_beginning()
    {
        for (var i = 1; i <= 5; i++) _portal.Tamper($"INSERT INTO audit_log (at, actor, action, target) VALUES ({i}, 'before the chain', 'test.done', 't{i}')");
        await WriteAsync(3);
        var verdict = await VerifyAsync();
        Assert.Equal((true, 8), (verdict.Holds, verdict.Entries));

        _portal.Tamper(Unguarded + "UPDATE audit_log SET target = 'other' WHERE target = 't2'");

        Assert.False((await VerifyAsync()).Holds);
    }

    [Fact]
    public async Task Writes_at_once_and_several_entries_of_one_write_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => WriteAsync(1 + (i % 3))));

        var verdict = await VerifyAsync();
        await using var db = _portal.Store.OpenRead();
        Assert.Equal((true, (await db.AuditHeads.SingleAsync()).Entries), (verdict.Holds, verdict.Entries));
    }

    [Theory]
    [InlineData("innocent\r\n2026-01-01 admin@example.com payout.approved 1", "innocent\\u000D\\u000A2026-01-01 admin@example.com payout.approved 1")]
    [InlineData("safe\u202Egnp.exe", "safe\\u202Egnp.exe")]
    [InlineData("zero\u200Bwidth \u2066isolate\u2069 line\u2028para\u2029 \u0000\u001B[31m", "zero\\u200Bwidth \\u2066isolate\\u2069 line\\u2028para\\u2029 \\u0000\\u001B[31m")]
    [InlineData("Größe 漢字 ‘quotes’", "Größe 漢字 ‘quotes’")]
    public async Task No_text_can_forge_a_line(string given, string kept)
    {
        await _portal.Store.WriteAsync(db => db.Audit(new Actor(given, null), DateTimeOffset.UnixEpoch, null, "test.done", given, given, given), default);

        await using var db = _portal.Store.OpenRead();
        var entry = await db.AuditLog.OrderByDescending(a => a.Id).FirstAsync();
        Assert.Equal((kept, kept, kept, kept), (entry.Actor, entry.Target, entry.Before, entry.After));
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task An_operator_verifies_it_beside_a_running_portal()
    {
        await WriteAsync(5);
        var (exit, said) = await RunAsync();
        Assert.Equal(0, exit);
        Assert.Contains($"5 entries, the last {(await VerifyAsync()).Hash}; the chain holds", said, StringComparison.Ordinal);

        _portal.Tamper(Unguarded + "UPDATE audit_log SET actor = 'nobody' WHERE id = 3");
        (exit, said) = await RunAsync();
        Assert.Equal(1, exit);
        Assert.Contains("the chain breaks at entry 3", said, StringComparison.Ordinal);
    }

    public void Dispose() => _portal.Dispose();

    private async Task<(int Exit, string Said)> RunAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Portal.dll"), "audit", "verify"]) { RedirectStandardOutput = true };
        start.Environment["Portal__DataDirectory"] = Path.GetDirectoryName(_portal.DatabasePath);
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }

    private Task<AuditVerdict> VerifyAsync() => AuditChain.VerifyAsync(_portal.Store, default);

    private Task WriteAsync(int entries) => _portal.Store.WriteAsync(db =>
    {
        for (var i = 0; i < entries; i++)
            db.Audit(PortalOnDisk.Tester, DateTimeOffset.UnixEpoch.AddSeconds(i), i % 2 == 0 ? PortalEnvironment.Sandbox : null, "test.done", $"target {i}", "before", $"after {i}");
    }, default);
}

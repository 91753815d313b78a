using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Health;
using Quartz;
using Xunit;

namespace Portal.Tests.Health;

/// <summary>Each thing that the portal depends on is taken away, once.</summary>
public sealed class ReadinessTests
{
    [Fact]
    [Trait("Database", "Sqlite")]
    public async Task A_database_that_cannot_be_read_takes_no_requests()
    {
        await using var host = new PortalHost();
        Assert.Equal(HttpStatusCode.OK, (await LookAsync(host)).Status);
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(host.DataDirectory, "portal.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "ALTER TABLE campaigns RENAME TO gone";
            command.ExecuteNonQuery();
        }

        await AssertFailsAsync(host, HttpStatusCode.ServiceUnavailable, "databaseRead");
    }

    [Fact]
    [Trait("Database", "Sqlite")]   // whose writer is one; on PostgreSQL a write that hangs is one of many
    public async Task A_database_that_hangs_is_told_although_it_hangs()
    {
        await using var host = new PortalHost();
        _ = host.CreateVisitor();
        using var gate = new ManualResetEventSlim();
        var hanging = host.Store.WriteAsync(_ => gate.Wait(), default);
        try
        {
            await AssertFailsAsync(host, HttpStatusCode.ServiceUnavailable, "databaseWrite");
            await Task.Delay(1_100);   // so that it is asked anew
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await LookAsync(host)).Status);
        }
        finally
        {
            gate.Set();
        }
        await hanging;

        for (var tries = 0; tries < 100 && (await LookAsync(host)).Status != HttpStatusCode.OK; tries++) await Task.Delay(50);
        Assert.Equal(HttpStatusCode.OK, (await LookAsync(host)).Status);
    }

    [Fact]
    public async Task A_key_ring_that_is_gone_takes_no_requests()
    {
        await using var host = new PortalHost();
        Assert.Equal(HttpStatusCode.OK, (await LookAsync(host)).Status);
        await host.Store.WriteAsync(db => db.Database.ExecuteSqlRaw("DELETE FROM key_ring"), default);

        await AssertFailsAsync(host, HttpStatusCode.ServiceUnavailable, "keyRing");
    }

    [Fact]
    public async Task Too_little_disk_takes_no_requests()
    {
        await using var host = new PortalHost { Settings = { ["Health:LeastFreeMebibytes"] = "1000000000" } };

        await AssertFailsAsync(host, HttpStatusCode.ServiceUnavailable, "diskSpace");
    }

    [Fact]
    public async Task Without_the_scheduler_requests_are_taken_and_the_sweep_is_missed_in_time()
    {
        await using var host = new PortalHost();
        _ = host.CreateVisitor();
        var scheduler = await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        for (var tries = 0; tries < 100 && await scheduler.GetStatus() != SchedulerStatus.Running; tries++) await Task.Delay(50);
        await scheduler.Standby();

        await AssertFailsAsync(host, HttpStatusCode.OK, "scheduler");
        host.Clock.Pass(TimeSpan.FromMinutes(8));
        await AssertFailsAsync(host, HttpStatusCode.OK, "scheduler", "sweep");
    }

    [Fact]
    public async Task Strangers_learn_which_part_fails_and_only_the_operator_why()
    {
        await using var host = new PortalHost { Settings = { ["Health:LeastFreeMebibytes"] = "1000000000" } };

        var (_, body) = await LookAsync(host);
        var page = await (await host.CreateSignedInClientAsync(PortalRole.Administrator)).GetStringAsync("/system");

        Assert.DoesNotContain("MiB", body, StringComparison.Ordinal);
        Assert.Contains("less than the 1000000000 MiB", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_hangs_is_not_asked_again_until_it_answers()
    {
        var (asked, never) = (0, new TaskCompletionSource<string?>());
        var check = new ReadinessCheck("x", "X", true, _ =>
        {
            Interlocked.Increment(ref asked);
            return never.Task;
        });
        for (var i = 0; i < 2; i++) Assert.False((await new HealthBoard([check], TimeProvider.System).LookAsync()).IsReady);
        Assert.Equal(2, asked);   // one for each board

        var board = new HealthBoard([check], TimeProvider.System);
        for (var i = 0; i < 2; i++)
        {
            Assert.False((await board.LookAsync()).IsReady);
            await Task.Delay(1_050);
        }
        Assert.Equal(3, asked);
    }

    [Theory]
    [InlineData(PortalRole.Administrator, true)]
    [InlineData(PortalRole.Finance, false)]
    [InlineData(PortalRole.Operator, false)]
    [InlineData(PortalRole.Viewer, false)]
    public async Task Only_administrators_see_the_system(PortalRole role, bool may)
    {
        await using var host = new PortalHost();

        var answer = await (await host.CreateSignedInClientAsync(role)).GetAsync("/system");

        if (may) Assert.Contains("Acknowledged within", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        else Assert.Equal((HttpStatusCode.Redirect, "/account/denied"), (answer.StatusCode, answer.Headers.Location?.AbsolutePath));
    }

    private static async Task AssertFailsAsync(PortalHost host, HttpStatusCode status, params string[] failing)
    {
        var looked = await LookAsync(host);
        for (var tries = 0; tries < 60 && !Failing(looked.Body).SequenceEqual(failing); tries++)
        {
            await Task.Delay(100);
            looked = await LookAsync(host);
        }
        Assert.Equal(failing, Failing(looked.Body));
        Assert.Equal(status, looked.Status);
    }

    private static async Task<(HttpStatusCode Status, string Body)> LookAsync(PortalHost host)
    {
        using var answer = await host.CreateVisitor().GetAsync("/healthz/ready");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static IEnumerable<string> Failing(string body)
    {
        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.GetProperty("checks").EnumerateArray().Where(c => c.GetProperty("status").GetString() != "ok").Select(c => c.GetProperty("name").GetString()!)];
    }
}

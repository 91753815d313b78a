using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Jobs;
using Xunit;

namespace Portal.Tests.Jobs;

public sealed class JobBoardTests(JobBoardTests.RunningHost host) : IClassFixture<JobBoardTests.RunningHost>
{
    [Fact]
    public async Task Every_job_of_the_table_is_on_the_board_with_its_next_start()
    {
        var board = await Board.FindAsync(withIdleRuns: false, default);

        Assert.True(board.IsRunning);
        Assert.Equal(PortalEnvironments.All, board.Inboxes.Select(i => i.Environment));
        Assert.Equal(JobSchedule.All.Select(e => e.Key.Name), board.Jobs.Select(j => j.Name));
        Assert.All(board.Jobs, job => Assert.Equal((false, true), (job.IsHalted, job.NextAt is not null)));
    }

    [Fact]
    public async Task Run_now_runs_the_job_and_is_in_the_audit_log()
    {
        var before = (await Drain(withIdleRuns: true)).Runs.Count(r => r.IsWoken);

        Assert.True(await Board.RunNowAsync("drain-inbox", PortalOnDisk.Tester, default));

        var drain = await UntilAsync(withIdleRuns: true, d => d.Runs.Count(r => r.IsWoken) > before);
        Assert.Equal(JobOutcome.Idle, drain.Runs[0].Outcome);
        await using var db = host.Store.OpenRead();
        Assert.Contains(await db.AuditLog.ToListAsync(), a => (a.Action, a.Target, a.Actor) == ("job.started", "drain-inbox", PortalOnDisk.Tester.Name));
    }

    [Fact]
    public async Task There_is_nothing_to_run_that_is_not_in_the_table() => Assert.False(await Board.RunNowAsync("format-disk", PortalOnDisk.Tester, default));

    [Fact]
    public async Task A_run_that_did_something_says_what_and_stands_out_from_those_that_did_not()
    {
        var api = await host.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.TellAsync(StripeSamples.Customer());

        var drain = await UntilAsync(withIdleRuns: false, d => d.Runs.Count > 0);

        Assert.Contains(drain.Runs, r => r.Summary!.StartsWith("1 event", StringComparison.Ordinal));
        Assert.DoesNotContain(drain.Runs, r => r.Outcome == JobOutcome.Idle);
        Assert.Empty(drain.Failures);
    }

    [Theory]
    [InlineData(PortalRole.Administrator, true)]
    [InlineData(PortalRole.Finance, false)]
    [InlineData(PortalRole.Operator, false)]
    [InlineData(PortalRole.Viewer, false)]
    public async Task Only_administrators_see_the_jobs(PortalRole role, bool may)
    {
        var answer = await (await host.CreateSignedInClientAsync(role)).GetAsync("/jobs");

        if (may) Assert.Contains("Process the inbox", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        else Assert.Equal((HttpStatusCode.Redirect, "/account/denied"), (answer.StatusCode, answer.Headers.Location?.AbsolutePath));
    }

    private JobBoard Board => host.Services.GetRequiredService<JobBoard>();

    private async Task<JobStanding> Drain(bool withIdleRuns) => Assert.Single((await Board.FindAsync(withIdleRuns, default)).Jobs, j => j.Name == "drain-inbox");

    private async Task<JobStanding> UntilAsync(bool withIdleRuns, Func<JobStanding, bool> wanted)
    {
        for (var tries = 0; ; tries++)
        {
            var drain = await Drain(withIdleRuns);
            if (wanted(drain) || tries > 300) return drain;
            await Task.Delay(50);
        }
    }

    public sealed class RunningHost : PortalHost;
}

using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Inbox;
using Xunit;

namespace Portal.Tests.Inbox;

public sealed class EventResendTests : IDisposable
{
    private readonly PortalOnDisk _portal = new();
    private readonly EventResend _resend;

    public EventResendTests() => _resend = new EventResend(_portal.Store, new EventSearch(_portal.Store), _portal.Signal, _portal.Changes, TimeProvider.System);

    public void Dispose() => _portal.Dispose();

    [Fact]
    public async Task A_resent_event_runs_again_says_who_asked_and_changes_no_money()
    {
        await _portal.ReferrerAsync("abcDEF12345", "ann");
        await _portal.RevisionAsync(PortalOnDisk.TwentyPercent);
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());
        var before = await _portal.Ledger.HashAsync(PortalEnvironment.Sandbox, default);

        Assert.True((await _resend.ResendAsync(PortalEnvironment.Sandbox, 2, PortalOnDisk.Tester, default)).TryGet(out _, out _));
        await _portal.DrainAsync();

        await using var db = _portal.Store.OpenRead();
        Assert.Equal([AttemptCause.Arrival, AttemptCause.Resend], await db.Attempts.Where(a => a.EventId == 2).OrderBy(a => a.Number).Select(a => a.Cause).ToListAsync());
        Assert.Equal(("event.resent", "tester@example.com", "event:2"), await db.AuditLog.Where(a => a.Action == "event.resent").SingleAsync() is var a ? (a.Action, a.Actor, a.Target) : default);
        Assert.Equal(before, await _portal.Ledger.HashAsync(PortalEnvironment.Sandbox, default));
    }

    [Fact]
    public async Task An_event_of_the_other_environment_cannot_be_resent()
    {
        await _portal.TellAsync(StripeSamples.Customer());

        var outcome = await _resend.ResendAsync(PortalEnvironment.Production, 1, PortalOnDisk.Tester, default);

        Assert.False(outcome.TryGet(out _, out var problem));
        Assert.Equal(ProblemKind.Missing, problem.Kind);
    }

    [Fact]
    public async Task Many_are_estimated_first_and_then_resent()
    {
        await _portal.TellAsync(StripeSamples.Customer(), StripeSamples.InvoicePaid());
        var filter = new EventQuery { Environment = PortalEnvironment.Sandbox, Type = "invoice.paid" };

        Assert.Equal(new ResendEstimate(1, false), await _resend.EstimateAsync(filter, default));
        Assert.Equal(1, await _resend.ResendAsync(filter, PortalOnDisk.Tester, default));

        await using var db = _portal.Store.OpenRead();
        Assert.Equal(EventState.Pending, await db.Events.Where(e => e.Type == "invoice.paid").Select(e => e.State).SingleAsync());
    }
}

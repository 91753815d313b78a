using Microsoft.AspNetCore.Components;
using Portal.Access;
using Portal.Core.Access;
using Portal.Core.Inbox;
using Portal.Core.Sources;
using Portal.Shared;

namespace Portal.Pages.Events;

/// <summary>One event: its payload with a verdict beside each field, what it told, what it posted, and how often it was tried.</summary>
public sealed partial class EventPage
{
    private bool _isResending;
    private string? _result;
    private Tone _resultTone;

    /// <summary>Our id of the event.</summary>
    [Parameter]
    public long Id { get; set; }

    [Inject]
    private EventDetails Details { get; set; } = null!;

    [Inject]
    private EventResend Resend { get; set; } = null!;

    [Inject]
    private CurrentActor Current { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task<EventView?> FetchAsync(CancellationToken ct)
    {
        if (await Details.FindAsync(Environment, Id, ct) is not { } detail) return null;
        if (detail.PayloadRemovedAt is not null)
        {
            return new EventView(detail, new Reading([], [.. detail.Facts.Select(f => f.Fact)], detail.Event.CustomerId, detail.Event.Email, null, null), null,
                [.. detail.Facts.Select(f => new FactLine(f.Fact, null))]);
        }
        var reading = ModeCheck.Judge(Environment, detail.Event.Source, detail.LiveMode, SourceReader.Read(detail.Event.Source, detail.Payload));
        var tellers = reading.Facts.Count == 0 ? null
            : await Details.TellersAsync(Environment, detail.Scope, [.. reading.Facts.Select(f => f.NaturalKey)], ct);
        return new EventView(detail, reading, JsonBranch.Read(detail.Payload, reading.Checks),
            [.. reading.Facts.Select(f => new FactLine(f, tellers?.GetValueOrDefault(f.NaturalKey)))]);
    }

    private async Task ResendAsync()
    {
        _isResending = true;
        try
        {
            // What is drawn is no protection: the right is asked for again where the deed is done.
            if (!await MayAsync(Policies.Operate))
            {
                (_result, _resultTone) = ("Your role may not resend events any more.", Tone.Bad);
                return;
            }
            var outcome = await Resend.ResendAsync(Environment, Id, Current.Actor, Gone);
            (_result, _resultTone) = outcome.TryGet(out _, out var problem)
                ? ("Sent through the pipeline once more. What it told already is known, so only what was missing can change.", Tone.Good)
                : (problem.Detail, Tone.Bad);
            await ReloadAsync();
        }
        finally
        {
            _isResending = false;
        }
    }
}

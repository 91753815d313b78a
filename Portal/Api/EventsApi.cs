using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Overview;
using Portal.Core.Pipeline;
using Portal.Core.Sources;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/events</c>, <c>v1/deliveries</c> and <c>v1/inbox</c>: the feed, the raw requests, and what is still to do.</summary>
internal static class EventsApi
{
    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        var events = api.MapGroup("/events").WithTags("Events");
        events.MapGet("", ListAsync).WithSummary("The feed, newest first. Filters: source, type, status, state, q, from, to.");
        events.MapGet("/{id}", GetAsync).WithSummary("One event, by our id or the provider's, with payload, checks, deliveries, attempts, facts and entries.");
        events.MapPost("/{id}/resend", ResendAsync).WithSummary("Processes an event once more. Safe to repeat: it posts only what is missing.");
        api.MapGet("/deliveries", DeliveriesAsync).WithTags("Events").WithSummary("Raw requests, newest first. Filter: outcome.");
        api.MapGet("/inbox", InboxAsync).WithTags("Events").WithSummary("What the inbox has still to do: events to process and folds that they, rules, rates or decisions asked for.");
    }

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, EventSearch search, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        if (!ApiInput.Word<CheckLevel>(request, "status").TryGet(out var status, out problem)) return ApiProblem.From(problem);
        if (!ApiInput.Word<EventState>(request, "state").TryGet(out var state, out problem)) return ApiProblem.From(problem);
        if (!ApiInput.Moment(request, "from").TryGet(out var from, out problem)) return ApiProblem.From(problem);
        if (!ApiInput.Moment(request, "to").TryGet(out var to, out problem)) return ApiProblem.From(problem);
        var page = await search.FindAsync(new EventQuery
        {
            Environment = environment.Environment,
            Source = ApiInput.Text(request, "source"),
            Type = ApiInput.Text(request, "type"),
            Status = status.Value,
            State = state.Value,
            Text = ApiInput.Text(request, "q"),
            From = from.Value,
            To = to.Value,
            Cursor = paging.Value.Cursor,
            Limit = paging.Value.Limit,
        }, ct);
        return TypedResults.Ok(ItemList<EventItem>.From(page, Item));
    }

    private static async Task<IResult> GetAsync(World environment, string id, EventDetails details, EventSearch search, CancellationToken ct)
    {
        if (await IdOfAsync(environment.Environment, id, search, ct) is not { } ours || await details.FindAsync(environment.Environment, ours, ct) is not { } e)
            return ApiProblem.Of(404, "notFound", $"There is no event {id} in {environment.Environment.Slug()}.");
        var reading = e.PayloadRemovedAt is null ? ModeCheck.Judge(environment.Environment, e.Event.Source, e.LiveMode, SourceReader.Read(e.Event.Source, e.Payload)) : null;
        return TypedResults.Ok(new EventDetailItem(Item(e.Event))
        {
            Payload = Payload(e.Payload),
            RawPayload = e.Payload,
            PayloadRemovedAt = e.PayloadRemovedAt,
            PayloadRemoval = e.PayloadRemoval?.Word(),
            ApiVersion = e.ApiVersion,
            LiveMode = e.LiveMode,
            Account = e.Account,
            WaitsFor = e.WaitsFor,
            Checks = reading is null ? [] : [.. reading.Checks.Select(c => new CheckItem(c.Field, c.Path, c.Level.Word(), c.Label, c.Found, c.Expected))],
            Deliveries = [.. e.Deliveries.Select(Item)],
            Attempts = [.. e.Attempts.Select(a => new AttemptItem(a.Number, a.Cause.Word(), a.StartedAt, a.Microseconds, a.Outcome.Word(), a.Error))],
            Facts = [.. e.Facts.Select(f => new FactItem(f.Fact.Kind, f.Fact.NaturalKey, f.Fact.OccurredAt, JsonSerializer.SerializeToNode(f.Fact, FactJson.Default.Fact)))],
            Entries = [.. e.EntrySets.Select(LedgerApi.Item)],
        });
    }

    private static async Task<IResult> ResendAsync(World environment, string id, EventResend resend, EventSearch search, CurrentActor actor, CancellationToken ct)
    {
        if (await IdOfAsync(environment.Environment, id, search, ct) is not { } ours)
            return ApiProblem.Of(404, "notFound", $"There is no event {id} in {environment.Environment.Slug()}.");
        return (await resend.ResendAsync(environment.Environment, ours, actor.Actor, ct)).TryGet(out _, out var problem)
            ? TypedResults.Accepted((string?)null, new { id = ours.ToString(CultureInfo.InvariantCulture), state = EventState.Pending.Word() })
            : ApiProblem.From(problem);
    }

    private static async Task<IResult> DeliveriesAsync(World environment, HttpRequest request, DeliverySearch search, CancellationToken ct)
    {
        if (!Paging.Read(request).TryGet(out var paging, out var problem)) return ApiProblem.From(problem);
        if (!ApiInput.Word<DeliveryOutcome>(request, "outcome").TryGet(out var outcome, out problem)) return ApiProblem.From(problem);
        var page = await search.FindAsync(new DeliveryQuery
        {
            Environment = environment.Environment,
            Outcome = outcome.Value,
            Cursor = paging.Value.Cursor,
            Limit = paging.Value.Limit,
        }, ct);
        return TypedResults.Ok(ItemList<DeliveryItem>.From(page, Item));
    }

    private static async Task<IResult> InboxAsync(World environment, OverviewFigures figures, Refold refold, TimeProvider clock, CancellationToken ct)
    {
        var inbox = await figures.InboxAsync(environment.Environment, ct);
        var folds = await refold.PendingAsync(environment.Environment, ct);
        return TypedResults.Ok(new InboxItem(inbox.Pending + folds, inbox.Waiting, inbox.Failed,
            inbox.OldestPendingAt is { } oldest ? Math.Max(0, (long)(clock.GetUtcNow() - oldest).TotalSeconds) : 0, folds));
    }

    /// <summary>Our id of an event that is named by our id or by the provider's.</summary>
    private static async Task<long?> IdOfAsync(PortalEnvironment environment, string id, EventSearch search, CancellationToken ct)
    {
        if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var ours)) return ours;
        var page = await search.FindAsync(new EventQuery { Environment = environment, Text = id, Limit = 10 }, ct);
        return page.Items.FirstOrDefault(e => e.ProviderEventId == id)?.Id;
    }

    /// <summary>The payload as JSON where it can be shown as such; its bytes stand beside it in any case.</summary>
    private static JsonNode? Payload(byte[] payload)
    {
        try
        {
            return JsonNode.Parse(payload, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static EventItem Item(EventRow e) => new(e.Id.ToString(CultureInfo.InvariantCulture), e.ProviderEventId, e.Source, e.Type, e.Status?.Word(),
        e.State.Word(), e.Note, e.Email, e.CustomerId, e.OccurredAt, e.ReceivedAt);

    private static DeliveryItem Item(DeliveryRow d) => new(d.Id.ToString(CultureInfo.InvariantCulture), d.Source, d.ReceivedAt, d.Outcome.Word(), d.ReasonCode,
        d.Reason, d.RemoteAddress, d.BodyLength, d.BodySha256, d.EventId?.ToString(CultureInfo.InvariantCulture));

    private record EventItem(string Id, string ProviderEventId, string Source, string Type, string? Status, string State, string? Note,
        string? Email, string? CustomerId, DateTimeOffset OccurredAt, DateTimeOffset ReceivedAt);

    private sealed record EventDetailItem : EventItem
    {
        public EventDetailItem(EventItem item) : base(item)
        {
        }

        public JsonNode? Payload { get; init; }

        public required byte[] RawPayload { get; init; }

        public DateTimeOffset? PayloadRemovedAt { get; init; }

        public string? PayloadRemoval { get; init; }

        public string? ApiVersion { get; init; }

        public bool? LiveMode { get; init; }

        public required string Account { get; init; }

        public string? WaitsFor { get; init; }

        public required IReadOnlyList<CheckItem> Checks { get; init; }

        public required IReadOnlyList<DeliveryItem> Deliveries { get; init; }

        public required IReadOnlyList<AttemptItem> Attempts { get; init; }

        public required IReadOnlyList<FactItem> Facts { get; init; }

        public required IReadOnlyList<LedgerApi.EntrySetItem> Entries { get; init; }
    }

    private sealed record CheckItem(string Field, string Path, string Level, string Label, string? Found, string Expected);

    private sealed record DeliveryItem(string Id, string Source, DateTimeOffset ReceivedAt, string Outcome, string? ReasonCode, string? Reason,
        string? RemoteAddress, int BodyLength, string BodySha256, string? EventId);

    private sealed record AttemptItem(int Number, string Cause, DateTimeOffset StartedAt, long Microseconds, string Outcome, string? Error);

    private sealed record FactItem(string Kind, string NaturalKey, DateTimeOffset OccurredAt, JsonNode? Fact);

    private sealed record InboxItem(long Pending, long Waiting, long Failed, long OldestPendingSeconds, long FoldsPending);
}

using System.Globalization;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Rebuild;
using Portal.Hosting;

namespace Portal.Api;

/// <summary><c>v1/ledger/rebuild</c>: everything recomputed from the stored events and decisions, and what stands otherwise.</summary>
internal static class RebuildApi
{
    private const int LongestWait = 60;

    public static void MapRebuild(this IEndpointRouteBuilder api)
    {
        var rebuild = api.MapGroup("/ledger/rebuild").WithTags("Ledger");
        rebuild.MapPost("", StartAsync).WithName("StartRebuild").Accepts<RebuildBody>("application/json")
            .WithSummary("Recomputes the ledger and lists the differences; with {\"apply\": true} posts them. Waits up to ?wait=30 seconds for the result.");
        rebuild.MapGet("", ListAsync).WithSummary("The rebuilds, newest first, without their differences.");
        rebuild.MapGet("/{id:long}", GetAsync).WithSummary("One rebuild with its progress or its result. Waits as long as ?wait says.");
        rebuild.MapPost("/{id:long}/cancel", CancelAsync).WithSummary("Stops a rebuild.");
    }

    private static async Task<IResult> StartAsync(World environment, HttpRequest request, RebuildDesk desk, CurrentActor actor, CancellationToken ct)
    {
        if (!Seconds(request, 30).TryGet(out var wait, out var problem)) return ApiProblem.From(problem);
        var apply = false;
        if (request.HasJsonContentType())
        {
            if (!(await ApiInput.BodyAsync<RebuildBody>(request, ct)).TryGet(out var body, out problem)) return ApiProblem.From(problem);
            apply = body.Apply ?? false;
        }
        if (!(await desk.StartAsync(environment.Environment, apply, actor.Actor, ct)).TryGet(out var run, out problem)) return ApiProblem.From(problem);
        await desk.WaitAsync(run.Id, wait.Longest, ct);
        run = (await desk.FindAsync(environment.Environment, run.Id, ct))!;
        return run.IsUnderWay ? TypedResults.Accepted($"/api/{environment.Environment.Slug()}/v1/ledger/rebuild/{Number(run.Id)}", Item(run)) : TypedResults.Ok(Item(run));
    }

    private static async Task<IResult> GetAsync(World environment, long id, HttpRequest request, RebuildDesk desk, CancellationToken ct)
    {
        if (!Seconds(request, 0).TryGet(out var wait, out var problem)) return ApiProblem.From(problem);
        if (await desk.FindAsync(environment.Environment, id, ct) is not { } run) return ApiProblem.ForStatus(404);
        if (run.IsUnderWay && wait.Seconds > 0)
        {
            await desk.WaitAsync(id, wait.Longest, ct);
            run = (await desk.FindAsync(environment.Environment, id, ct))!;
        }
        return TypedResults.Ok(Item(run));
    }

    private static async Task<IResult> ListAsync(World environment, HttpRequest request, RebuildDesk desk, CancellationToken ct) =>
        Paging.Read(request).TryGet(out var paging, out var problem)
            ? TypedResults.Ok(ItemList<RunItem>.From(await desk.ListAsync(environment.Environment, paging.Value.Cursor, PageDirection.Older, paging.Value.Limit, ct), r => Item(r) with { Differences = null }))
            : ApiProblem.From(problem);

    private static async Task<IResult> CancelAsync(World environment, long id, RebuildDesk desk, CurrentActor actor, CancellationToken ct) =>
        (await desk.CancelAsync(environment.Environment, id, actor.Actor, ct)).TryGet(out var run, out var problem) ? TypedResults.Ok(Item(run)) : ApiProblem.From(problem);

    private static Outcome<WaitBox> Seconds(HttpRequest request, int seconds) =>
        ApiInput.Text(request, "wait") is not { } text ? new WaitBox(seconds)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds <= LongestWait ? new WaitBox(seconds)
        : new Problem("invalidField", $"wait must be 0 to {LongestWait} seconds.", "wait");

    private static RunItem Item(RebuildRun r)
    {
        var report = r.Report();
        return new RunItem(Number(r.Id), r.State.Word(), r.Apply, r.StartedAt, r.StartedBy, r.EndedAt, new ProgressItem(r.Events, r.Referrals, r.Percent), r.Error)
        {
            Posted = r.State == RebuildState.Done && r.Apply ? r.Posted : null,
            Hash = report?.Hash,
            StoredHash = report?.StoredHash,
            Rewards = report?.Rewards,
            Events = report?.Events,
            FromFacts = report?.FromFacts,
            FromOlderReading = report?.FromOlderReading,
            Facts = report?.Facts,
            Referrals = report?.Referrals,
            Seconds = report?.Seconds,
            ReadingSeconds = report?.ReadingSeconds,
            PeakMemory = report?.PeakMemory,
            Reworded = report?.Reworded,
            FoldsWaiting = report?.FoldsWaiting,
            Sums = report?.Sums,
            DifferencesInAll = report?.DifferencesInAll,
            Differences = report is null ? null : [.. report.Differences.Select(d => new DifferenceItem(d.Kind.Word(), d.Unit, d.Subject, d.Before, d.After,
                Number(d.ReferralId), Number(d.RewardId), Number(d.EventId), d.Currency, d.Currency is null ? null : d.Change))],
        };
    }

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static string? Number(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    private sealed record RebuildBody(bool? Apply);

    private sealed record WaitBox(int Seconds)
    {
        public TimeSpan Longest => TimeSpan.FromSeconds(Seconds);
    }

    private sealed record ProgressItem(long Events, long Referrals, int Percent);

    private sealed record RunItem(
        string Id, string State, bool Apply, DateTimeOffset StartedAt, string StartedBy, DateTimeOffset? EndedAt, ProgressItem Progress, string? Error)
    {
        public int? Posted { get; init; }

        public string? Hash { get; init; }

        public string? StoredHash { get; init; }

        public long? Rewards { get; init; }

        public long? Events { get; init; }

        public long? FromFacts { get; init; }

        public long? FromOlderReading { get; init; }

        public long? Facts { get; init; }

        public long? Referrals { get; init; }

        public double? Seconds { get; init; }

        public double? ReadingSeconds { get; init; }

        public long? PeakMemory { get; init; }

        public int? Reworded { get; init; }

        public int? FoldsWaiting { get; init; }

        public IReadOnlyList<RebuildSum>? Sums { get; init; }

        public int? DifferencesInAll { get; init; }

        public IReadOnlyList<DifferenceItem>? Differences { get; init; }
    }

    private sealed record DifferenceItem(
        string Kind, string Unit, string Subject, string Before, string After, string? ReferralId, string? RewardId, string? EventId, string? Currency, long? Change);
}

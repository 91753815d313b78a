using Portal.Api;
using Portal.Core;
using Portal.Core.Simulations;
using Portal.Hosting;

namespace Portal.Exports;

/// <summary>A simulation's table as a file: a row per month, referrer and currency.</summary>
internal static class SimulationTable
{
    private const string Header = "month,referrer,ucc,currency,now_minor,now,draft_minor,draft,difference_minor,difference";

    /// <summary>The file of a simulation that is done.</summary>
    public static async Task<IResult> FileAsync(World environment, long id, SimulationDesk desk, CancellationToken ct) =>
        await desk.FindAsync(environment.Environment, id, ct) switch
        {
            null => ApiProblem.Of(404, "notFound", $"There is no simulation {id} in {environment.Environment.Slug()}."),
            { State: SimulationState.Done } => new CsvResult($"simulation-{id}.csv", Header, Portions(desk, id, ct)),
            var run => ApiProblem.Of(409, "notDone", $"Simulation {id} is not done: {run.State.ToString().ToLowerInvariant()}."),
        };

    private static async IAsyncEnumerable<IEnumerable<CsvLine>> Portions(
        SimulationDesk desk, long id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var cells in desk.TableAsync(id, ct)) yield return cells.Select(Line);
    }

    private static CsvLine Line(SimulatedCell c)
    {
        var currency = Currency.Parse(c.Currency);
        return new CsvLine().Text(c.Month).Text(c.Referrer).Text(c.Ucc).Text(c.Currency)
            .Amount(new Money(c.Now, currency)).Amount(new Money(c.Draft, currency)).Amount(new Money(c.Draft - c.Now, currency));
    }
}

using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Overview;
using Portal.Core.Sources;
using Xunit;

namespace Portal.Tests.Inbox;

/// <summary>No filter of the feed may walk through all events: each rests on an index that ends in the id, so that nothing is sorted either.</summary>
[Trait("Database", "Sqlite")]   // the plans of a server depend on how much it holds; benchmarks look at those
public sealed class EventPlanTests : IDisposable
{
    private readonly PortalOnDisk _portal = new();

    public static TheoryData<string, EventQuery> Filters => new()
    {
        { "IX_events_environment_id", Sandbox },
        { "IX_events_environment_id", Sandbox with { Cursor = 40 } },
        { "IX_events_environment_id", Sandbox with { Cursor = 40, Direction = PageDirection.Newer } },
        { "IX_events_environment_id", Sandbox with { State = EventState.Processed } },
        { "IX_events_environment_id", Sandbox with { Status = CheckLevel.Ok } },
        { "IX_events_environment_id", Sandbox with { Source = "stripe" } },
        { "IX_events_environment_id", Sandbox with { Selection = EventSelection.Events } },
        { "IX_events_environment_id", Sandbox with { From = DateTimeOffset.UnixEpoch, To = DateTimeOffset.UnixEpoch.AddDays(1) } },
        { "IX_events_environment_type_id", Sandbox with { Type = "invoice.paid" } },
        { "IX_events_environment_type_id", Sandbox with { Type = "invoice.paid", From = DateTimeOffset.UnixEpoch, Cursor = 40 } },
        { "ix_events_state", Sandbox with { State = EventState.Failed } },
        { "ix_events_state", Sandbox with { State = EventState.Waiting, Cursor = 40 } },
        { "ix_events_state", Sandbox with { State = EventState.Ignored } },
        { "ix_events_status", Sandbox with { Status = CheckLevel.Error } },
        { "ix_events_status", Sandbox with { Status = CheckLevel.Warning, Cursor = 40 } },
    };

    private static EventQuery Sandbox { get; } = new() { Environment = PortalEnvironment.Sandbox };

    public void Dispose() => _portal.Dispose();

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_filter_follows_its_index_and_sorts_nothing(string index, EventQuery query)
    {
        var plan = PlanOf(query, new EventPlan([], query.From is null ? null : 10, query.To is null ? null : 90, [query.Type]), query.Type);

        Assert.Contains($"INDEX {index} ", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_pending_is_found_by_the_drain_s_own_index()
    {
        var plan = PlanOf(Sandbox with { State = EventState.Pending }, new EventPlan([], null, null, [null]), null);

        Assert.Contains("SCAN e USING INDEX ix_events_pending", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void A_customer_and_the_beginning_of_an_address_follow_their_indexes()
    {
        Assert.Contains("IX_events_environment_customer_id_id", PlanOf(Sandbox, Word(new WordMatch([], ["cus_1"], null)), null), StringComparison.Ordinal);
        Assert.Contains("IX_events_environment_email_id", PlanOf(Sandbox, Word(new WordMatch([], [], "ann@")), null), StringComparison.Ordinal);
        Assert.Contains("IX_events_environment_email_id", PlanOf(Sandbox, Word(new WordMatch([], [], null, "ann@example.com")), null), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"SCAN e\b|\(environment=\?\)", PlanOf(Sandbox, Word(new WordMatch([1, 2], ["cus_1"], null)), null));
    }

    [Fact]
    [Trait("Database", "Sqlite")]
    public void The_inbox_s_figures_follow_the_partial_indexes()
    {
        using var db = _portal.Store.OpenRead();
        Assert.Contains("ix_events_pending", QueryPlan.Of(EventSearch.Pending(db, PortalEnvironment.Sandbox)), StringComparison.Ordinal);
        Assert.Contains("ix_events_state", QueryPlan.Of(OverviewFigures.InState(db, PortalEnvironment.Sandbox, EventState.Failed)), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Database", "Sqlite")]
    [InlineData(DeliveryOutcome.Accepted)]
    [InlineData(DeliveryOutcome.Duplicate)]
    [InlineData(DeliveryOutcome.Rejected)]
    public void Deliveries_of_an_outcome_follow_their_index(DeliveryOutcome outcome)
    {
        using var db = _portal.Store.OpenRead();
        var plan = QueryPlan.Of(DeliverySearch.Build(db, new DeliveryQuery { Environment = PortalEnvironment.Sandbox, Cursor = 40 }, outcome).Take(50));

        Assert.Contains("IX_deliveries_environment_outcome_id", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    private static EventPlan Word(WordMatch word) => new([word], null, null, [null]);

    private string PlanOf(EventQuery query, EventPlan plan, string? type)
    {
        using var db = _portal.Store.OpenRead();
        return QueryPlan.Of(EventSearch.Build(db, query, plan, type).Take(51));
    }
}

using Npgsql;
using Portal.Core.Postgres;
using Xunit;

namespace Portal.Tests.Postgres;

/// <summary>The months of the deliveries: there ahead of time, filled by when a delivery came, and dropped once their payloads are gone.</summary>
[Trait("Database", "Postgres")]
public sealed class PartitionTests : IDisposable
{
    private readonly PortalOnDisk _portal = new();

    [Fact]
    public async Task A_delivery_lies_in_its_month_and_this_month_and_two_more_are_there()
    {
        await _portal.DeliverAsync(StripeSamples.Customer());

        Assert.Equal([PostgresPartitions.Name(DateTimeOffset.UtcNow)], _portal.Database.Query("SELECT tableoid::regclass::text FROM deliveries"));
        Assert.Equal(3, Months().Count);
    }

    [Fact]
    public async Task What_came_before_its_month_was_there_moves_into_it()
    {
        await _portal.DeliverAsync(StripeSamples.Customer());
        _portal.Tamper("UPDATE deliveries SET received_at = '2031-05-17'");
        Assert.Equal(["deliveries_rest"], _portal.Database.Query("SELECT tableoid::regclass::text FROM deliveries"));

        using (var connection = (NpgsqlConnection)_portal.Database.Connect()) PostgresPartitions.Ensure(connection, new DateTimeOffset(2031, 4, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(["deliveries_2031_05"], _portal.Database.Query("SELECT tableoid::regclass::text FROM deliveries"));
    }

    [Fact]
    public async Task A_month_without_payloads_is_dropped_and_what_is_left_of_it_stays()
    {
        await _portal.TellAsync(StripeSamples.Customer(name: new string('x', 100_000)));
        var month = PostgresPartitions.Name(DateTimeOffset.UtcNow);
        var later = DateTimeOffset.UtcNow.AddMonths(2);
        using var connection = (NpgsqlConnection)_portal.Database.Connect();

        PostgresPartitions.GiveRoomBack(connection, later);
        Assert.Equal(["1"], _portal.Database.Query($"SELECT count(*) FROM {month} WHERE body IS NOT NULL"));   // a payload keeps its month
        var before = long.Parse(_portal.Database.Query($"SELECT 'x' || '{month}'::regclass::oid").Single()[1..], System.Globalization.CultureInfo.InvariantCulture);

        _portal.Tamper("UPDATE deliveries SET body = NULL");
        PostgresPartitions.GiveRoomBack(connection, later);

        Assert.NotEqual($"x{before}", _portal.Database.Query($"SELECT 'x' || '{month}'::regclass::oid").Single());   // another table
        Assert.Equal(["1"], _portal.Database.Query($"SELECT count(*) FROM {month} WHERE length(body_sha256) = 32"));
        await _portal.DeliverAsync(StripeSamples.Customer());   // the same event is known still
        Assert.Equal(["2"], _portal.Database.Query("SELECT count(*) FROM deliveries"));
        Assert.Equal(["1"], _portal.Database.Query("SELECT count(*) FROM events"));
    }

    public void Dispose() => _portal.Dispose();

    private List<string> Months() => _portal.Database.Query("SELECT tablename::text FROM pg_tables WHERE tablename ~ '^deliveries_[0-9]'");
}

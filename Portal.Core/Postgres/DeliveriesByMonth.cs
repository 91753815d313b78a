namespace Portal.Core.Postgres;

/// <summary>Turns the table of deliveries, as EF Core makes it, into one that is cut by month: EF Core knows no partitions. Part of the first migration.</summary>
internal static class DeliveriesByMonth
{
    /// <summary>Run once, on the empty table.</summary>
    public const string Sql = """
        ALTER TABLE deliveries RENAME TO deliveries_rest;
        ALTER TABLE deliveries_rest DROP CONSTRAINT "PK_deliveries", ALTER COLUMN id DROP IDENTITY;
        DROP INDEX "IX_deliveries_environment_outcome_id", "IX_deliveries_event_id";
        DO $$ BEGIN
          ALTER TABLE deliveries_rest ALTER COLUMN body SET COMPRESSION lz4;
        EXCEPTION WHEN feature_not_supported OR invalid_parameter_value THEN NULL;   -- a server built without lz4
        END $$;
        CREATE TABLE deliveries (LIKE deliveries_rest INCLUDING COMPRESSION) PARTITION BY RANGE (received_at);
        CREATE SEQUENCE deliveries_id_seq OWNED BY deliveries.id;
        ALTER TABLE deliveries ALTER COLUMN id SET DEFAULT nextval('deliveries_id_seq');
        ALTER TABLE deliveries ADD CONSTRAINT "PK_deliveries" PRIMARY KEY (id, received_at);
        CREATE INDEX "IX_deliveries_environment_outcome_id" ON deliveries (environment, outcome, id);
        CREATE INDEX "IX_deliveries_event_id" ON deliveries (event_id);
        ALTER TABLE deliveries ATTACH PARTITION deliveries_rest DEFAULT;
        """;
}

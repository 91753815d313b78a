using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Npgsql;
using Portal.Core.Data;
using Portal.Core.Ledger;

namespace Portal.Core.Postgres;

/// <summary>
/// The database on PostgreSQL. Text is compared by its bytes, as on SQLite, whatever the server's language is: a list has one order and a
/// beginning of a word one meaning on both. Times are kept in milliseconds, again as there.
/// </summary>
public sealed class PostgresPortalDb(DbContextOptions<PostgresPortalDb> options) : PortalDb(options)
{
    /// <inheritdoc />
    public override IReadOnlyList<long> TakeIds<T>(int count)
    {
        if (typeof(T) != typeof(LedgerEntrySet)) throw new NotSupportedException($"There is no sequence for {typeof(T).Name}.");
        return Database.SqlQuery<long>($"SELECT nextval('ledger_entry_set_ids') AS \"Value\" FROM generate_series(1, {count})").ToList();
    }

    /// <inheritdoc />
    internal override string SelectAmong(string columns, string table, string column) => $"SELECT {columns} FROM {table} AS t WHERE t.{column} = ANY(@list)";

    /// <inheritdoc />
    internal override DbParameter ListOf<T>(DbCommand command, IEnumerable<T> values) => new NpgsqlParameter<T[]>("@list", [.. values.Distinct()]);

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMilliseconds>();
        configurationBuilder.Properties<string>().UseCollation("C");
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasSequence("ledger_entry_set_ids");
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            if (property.GetComputedColumnSql() is not null) property.SetIsStored(true);   // the only kind that PostgreSQL 15 knows
            property.SetMaxLength(null);   // what is kept whole on SQLite is kept whole here: lengths are checked where the portal reads
            if (property.ClrType.IsEnum || Nullable.GetUnderlyingType(property.ClrType)?.IsEnum == true) property.SetCollation("C");
        }
    }

    private sealed class UtcMilliseconds() : ValueConverter<DateTimeOffset, DateTimeOffset>(
        t => DateTimeOffset.FromUnixTimeMilliseconds(t.ToUnixTimeMilliseconds()), t => t);
}

/// <summary>For <c>dotnet ef</c> only.</summary>
internal sealed class PostgresPortalDbFactory : IDesignTimeDbContextFactory<PostgresPortalDb>
{
    public PostgresPortalDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresPortalDb>().UseNpgsql(new NpgsqlConnectionStringBuilder { Host = "localhost" }.ToString()).Options);
}

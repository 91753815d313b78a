using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Core.Data;

namespace Portal.Core.Sqlite;

/// <summary>The database on SQLite. Times are stored as Unix milliseconds, so that they sort and compare.</summary>
public sealed class SqlitePortalDb(DbContextOptions<SqlitePortalDb> options) : PortalDb(options)
{
    /// <inheritdoc />
    public override IReadOnlyList<long> TakeIds<T>(int count)
    {
        var last = Set<T>().Max(row => (long?)EF.Property<long>(row, "Id")) ?? 0;   // nobody else writes meanwhile
        return [.. Enumerable.Range(1, count).Select(n => last + n)];
    }

    /// <inheritdoc />
    internal override string SelectAmong(string columns, string table, string column) =>
        $"SELECT {columns} FROM json_each(@list) AS k CROSS JOIN {table} AS t WHERE t.{column} = k.value";   // CROSS JOIN: in this order, never from the table

    /// <inheritdoc />
    internal override DbParameter ListOf<T>(DbCommand command, IEnumerable<T> values) => new SqliteParameter("@list", JsonSerializer.Serialize(values.Distinct()));

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        t => t.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
}

/// <summary>For <c>dotnet ef</c> only.</summary>
internal sealed class SqlitePortalDbFactory : IDesignTimeDbContextFactory<SqlitePortalDb>
{
    public SqlitePortalDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite("Data Source=:memory:").Options);
}

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

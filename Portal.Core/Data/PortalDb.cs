using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Core.Data;

/// <summary>
/// The database. It names no table: each room maps its own entities and publishes them as extension properties
/// (<c>db.Events</c>, <c>db.Rewards</c>), so that this folder depends on nobody. One heir per provider.
/// </summary>
public abstract class PortalDb(DbContextOptions options) : DbContext(options)
{
    /// <summary>Takes ids for new rows of an entity whose key the caller gives; they rise, and nobody else gets them.</summary>
    /// <typeparam name="T">An entity whose key is a <c>long</c> named <c>Id</c> that the database does not make.</typeparam>
    public abstract IReadOnlyList<long> TakeIds<T>(int count) where T : class;

    /// <summary>
    /// The beginning of a statement that selects the rows <c>t</c> of a table whose column is among the values of <c>@list</c>, by the index of
    /// that column: a provider may have to be told so.
    /// </summary>
    internal abstract string SelectAmong(string columns, string table, string column);

    /// <summary>The parameter <c>@list</c>, with distinct values.</summary>
    internal abstract DbParameter ListOf<T>(DbCommand command, IEnumerable<T> values);

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PortalDb).Assembly);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
        {
            property.SetColumnName(SnakeCase(property.Name));
            StoreAsWord(property);
        }
    }

    /// <summary>Enums are stored as words, not numbers: a row read by hand says the same as the API.</summary>
    private static void StoreAsWord(IMutableProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (!type.IsEnum) return;
        property.SetValueConverter(typeof(EnumWordConverter<>).MakeGenericType(type));
        property.SetMaxLength(20);
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}

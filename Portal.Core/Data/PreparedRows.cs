using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Core.Data;

/// <summary>
/// Writes many rows of one entity with one prepared statement, by EF Core's own mapping: names, conversions and nulls are those of the
/// model, on any provider. For the few kinds of rows that every event costs; the change tracker prepares a statement per row.
/// </summary>
/// <typeparam name="T">The entity.</typeparam>
internal sealed class PreparedRows<T> : IDisposable where T : class
{
    private readonly DbCommand _command;
    private readonly (IProperty Property, DbParameter Parameter)[] _values;

    private PreparedRows(PortalDb db, Func<IEntityType, ISqlGenerationHelper, string> sql, IEnumerable<IProperty> properties)
    {
        var quote = db.GetService<ISqlGenerationHelper>();
        _command = db.Database.GetDbConnection().CreateCommand();
        _command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        _command.CommandText = sql(db.Model.FindEntityType(typeof(T))!, quote);
        _values = [.. properties.Select(property =>
        {
            var parameter = property.GetRelationalTypeMapping().CreateParameter(_command, "@" + property.GetColumnName(), null, nullable: true);
            _command.Parameters.Add(parameter);
            return (property, parameter);
        })];
    }

    /// <summary>Inserts rows in their order. A key that the database makes nobody gets to know.</summary>
    public static void Insert(PortalDb db, IEnumerable<T> rows)
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var properties = entity.GetProperties().Where(p => !p.IsPrimaryKey() || p.ValueGenerated == ValueGenerated.Never).Where(p => p.GetComputedColumnSql() is null).ToList();
        using var insert = new PreparedRows<T>(db, (e, quote) =>
            $"INSERT INTO {quote.DelimitIdentifier(e.GetTableName()!)} ({string.Join(", ", properties.Select(p => quote.DelimitIdentifier(p.GetColumnName())))}) "
            + $"VALUES ({string.Join(", ", properties.Select(p => "@" + p.GetColumnName()))})", properties);
        foreach (var row in rows) insert.Write(row);
    }

    /// <summary>Writes the named properties of rows that exist, and no other column: what is not named keeps its index entries as they are.</summary>
    public static void Update(PortalDb db, IEnumerable<T> rows, params ReadOnlySpan<string> names)
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var key = entity.FindPrimaryKey()!.Properties[0];
        var changed = new List<IProperty>(names.Length);
        foreach (var name in names) changed.Add(entity.FindProperty(name)!);
        using var update = new PreparedRows<T>(db, (e, quote) =>
            $"UPDATE {quote.DelimitIdentifier(e.GetTableName()!)} SET {string.Join(", ", changed.Select(p => $"{quote.DelimitIdentifier(p.GetColumnName())} = @{p.GetColumnName()}"))} "
            + $"WHERE {quote.DelimitIdentifier(key.GetColumnName())} = @{key.GetColumnName()}", changed.Append(key));
        foreach (var row in rows) update.Write(row);
    }

    /// <inheritdoc />
    public void Dispose() => _command.Dispose();

    private void Write(T row)
    {
        foreach (var (property, parameter) in _values)
        {
            var value = property.GetGetter().GetClrValue(row);
            parameter.Value = (value is null ? null : property.GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value) ?? DBNull.Value;
        }
        _command.ExecuteNonQuery();
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Core.Data;

/// <summary>
/// Writes many rows of one entity with one statement, by EF Core's own mapping: names, conversions and nulls are those of the model, on any
/// provider. For the few kinds of rows that every event costs; the change tracker prepares a statement per row. Where the provider can,
/// all rows go to the server at once; else the statement is prepared and run for each.
/// </summary>
/// <typeparam name="T">The entity.</typeparam>
internal sealed class PreparedRows<T> : IDisposable where T : class
{
    private readonly DbCommand _command;
    private readonly IProperty[] _properties;
    private readonly RelationalTypeMapping[] _mappings;
    private readonly DbBatch? _batch;

    private PreparedRows(PortalDb db, Func<IEntityType, ISqlGenerationHelper, Func<IProperty, string>, string> sql, IEnumerable<IProperty> properties)
    {
        var connection = db.Database.GetDbConnection();
        var transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        _properties = [.. properties];
        _mappings = Array.ConvertAll(_properties, p => p.GetRelationalTypeMapping());
        _command = connection.CreateCommand();
        _command.Transaction = transaction;
        if (connection.CanCreateBatch)
        {
            _batch = connection.CreateBatch();
            _batch.Transaction = transaction;
        }
        _command.CommandText = sql(db.Model.FindEntityType(typeof(T))!, db.GetService<ISqlGenerationHelper>(), p => _batch is null ? "@" + p.GetColumnName() : $"${Array.IndexOf(_properties, p) + 1}");
        if (_batch is not null) return;
        for (var i = 0; i < _properties.Length; i++) _command.Parameters.Add(ParameterOf(i));
    }

    /// <summary>Inserts rows in their order. A key that the database makes nobody gets to know.</summary>
    public static void Insert(PortalDb db, IEnumerable<T> rows)
    {
        using var insert = Inserting(db, "");
        insert.Write(rows);
    }

    /// <summary>Inserts rows in their order, and tells each the key that the database made for it.</summary>
    public static void InsertWithKeys(PortalDb db, IReadOnlyList<T> rows)
    {
        if (rows.Count == 0) return;
        var key = db.Model.FindEntityType(typeof(T))!.FindPrimaryKey()!.Properties[0];
        using var insert = Inserting(db, $" RETURNING {db.GetService<ISqlGenerationHelper>().DelimitIdentifier(key.GetColumnName())}");
        if (insert._batch is { } batch)
        {
            foreach (var row in rows) insert.Add(batch, row);
            using var keys = batch.ExecuteReader();
            foreach (var row in rows)
            {
                keys.Read();
                key.PropertyInfo!.SetValue(row, keys.GetInt64(0));
                keys.NextResult();
            }
            return;
        }
        foreach (var row in rows)
        {
            insert.Fill(row);
            key.PropertyInfo!.SetValue(row, (long)insert._command.ExecuteScalar()!);
        }
    }

    private static PreparedRows<T> Inserting(PortalDb db, string returning)
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var properties = entity.GetProperties().Where(p => !p.IsPrimaryKey() || p.ValueGenerated == ValueGenerated.Never).Where(p => p.GetComputedColumnSql() is null).ToList();
        return new PreparedRows<T>(db, (e, quote, parameter) =>
            $"INSERT INTO {quote.DelimitIdentifier(e.GetTableName()!)} ({string.Join(", ", properties.Select(p => quote.DelimitIdentifier(p.GetColumnName())))}) "
            + $"VALUES ({string.Join(", ", properties.Select(parameter))}){returning}", properties);
    }

    /// <summary>Writes the named properties of rows that exist, and no other column: what is not named keeps its index entries as they are.</summary>
    public static void Update(PortalDb db, IEnumerable<T> rows, params ReadOnlySpan<string> names)
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var key = entity.FindPrimaryKey()!.Properties[0];
        var changed = new List<IProperty>(names.Length);
        foreach (var name in names) changed.Add(entity.FindProperty(name)!);
        using var update = new PreparedRows<T>(db, (e, quote, parameter) =>
            $"UPDATE {quote.DelimitIdentifier(e.GetTableName()!)} SET {string.Join(", ", changed.Select(p => $"{quote.DelimitIdentifier(p.GetColumnName())} = {parameter(p)}"))} "
            + $"WHERE {quote.DelimitIdentifier(key.GetColumnName())} = {parameter(key)}", changed.Append(key));
        update.Write(rows);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _batch?.Dispose();
        _command.Dispose();
    }

    private void Write(IEnumerable<T> rows)
    {
        foreach (var row in rows)
        {
            if (_batch is not null)
            {
                Add(_batch, row);
                continue;
            }
            Fill(row);
            _command.ExecuteNonQuery();
        }
        if (_batch is { BatchCommands.Count: > 0 }) _batch.ExecuteNonQuery();
    }

    private void Fill(T row)
    {
        for (var i = 0; i < _properties.Length; i++) _command.Parameters[i].Value = ValueOf(i, row);
    }

    private void Add(DbBatch batch, T row)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = _command.CommandText;
        for (var i = 0; i < _properties.Length; i++)
        {
            var parameter = ParameterOf(i);
            (parameter.ParameterName, parameter.Value) = ("", ValueOf(i, row));
            command.Parameters.Add(parameter);
        }
        batch.BatchCommands.Add(command);
    }

    private DbParameter ParameterOf(int i) => _mappings[i].CreateParameter(_command, "@" + _properties[i].GetColumnName(), null, nullable: true);

    private object ValueOf(int i, T row)
    {
        var value = _properties[i].GetGetter().GetClrValue(row);
        return (value is null ? null : _mappings[i].Converter is { } converter ? converter.ConvertToProvider(value) : value) ?? DBNull.Value;
    }
}

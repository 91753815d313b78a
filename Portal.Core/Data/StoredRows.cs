using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Core.Data;

/// <summary>
/// Reads the rows of one entity that have one of many values in a column, by EF Core's own mapping: names and conversions are those of the
/// model, on any provider. For the few loads that every batch makes; a LINQ query with a list is written out as SQL anew each time.
/// </summary>
/// <typeparam name="T">The entity.</typeparam>
internal static class StoredRows<T> where T : class
{
    private static readonly ConcurrentDictionary<IModel, Shape> Shapes = new();

    /// <summary>Finds them, in no order.</summary>
    /// <param name="db">Where.</param>
    /// <param name="property">The property that has one of the values. Together with the others it should be what an index begins with.</param>
    /// <param name="values">The values; nothing is asked where there are none.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="others">What other properties are; null for those that are not set.</param>
    public static async Task<List<T>> FindAsync<TValue>(PortalDb db, string property, IReadOnlyCollection<TValue> values, CancellationToken ct, params (string Property, object? Value)[] others)
    {
        if (values.Count == 0) return [];
        var shape = ShapeOf(db);
        await db.Database.OpenConnectionAsync(ct);   // nothing, where it is open already
        try
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
            command.CommandText = shape.Statement(db, property, others);
            command.Parameters.Add(db.ListOf(command, values));
            foreach (var (name, value) in others)
            {
                if (value is not null) command.Parameters.Add(shape.ParameterOf(command, name, value));
            }
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult, ct);
            var rows = new List<T>();
            while (await reader.ReadAsync(ct)) rows.Add(shape.Read(reader));
            return rows;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>The statement that finds them.</summary>
    internal static string Statement(PortalDb db, string property, params (string Property, object? Value)[] others) => ShapeOf(db).Statement(db, property, others);

    private static Shape ShapeOf(PortalDb db) => Shapes.GetOrAdd(db.Model, static model => new Shape(model.FindEntityType(typeof(T))!));

    /// <summary>What of an entity's mapping a statement needs.</summary>
    private sealed class Shape
    {
        private readonly Dictionary<string, IProperty> _properties;
        private readonly string _table;
        private readonly string _columns;

        public Shape(IEntityType entity)
        {
            var properties = entity.GetProperties().Where(p => !p.IsShadowProperty()).ToList();
            _properties = properties.ToDictionary(p => p.Name);
            (_table, _columns) = ($"\"{entity.GetTableName()}\"", string.Join(", ", properties.Select(p => $"t.\"{p.GetColumnName()}\"")));
            var row = Expression.Parameter(typeof(DbDataReader));
            Read = Expression.Lambda<Func<DbDataReader, T>>(Expression.MemberInit(Expression.New(typeof(T)), properties.Select((p, i) => Expression.Bind(p.PropertyInfo!, ValueOf(row, p, i)))), row).Compile();
        }

        public Func<DbDataReader, T> Read { get; }

        public string Statement(PortalDb db, string property, (string Property, object? Value)[] others) =>
            db.SelectAmong(_columns, _table, ColumnOf(property)) + string.Concat(others.Select(o => $" AND t.{ColumnOf(o.Property)} {(o.Value is null ? "IS NULL" : $"= @{o.Property}")}"));

        public DbParameter ParameterOf(DbCommand command, string property, object value) => _properties[property].GetRelationalTypeMapping().CreateParameter(command, "@" + property, value);

        private string ColumnOf(string property) => $"\"{_properties[property].GetColumnName()}\"";

        private static Expression ValueOf(ParameterExpression row, IProperty property, int i)
        {
            var (mapping, at) = (property.GetRelationalTypeMapping(), Expression.Constant(i));
            var method = mapping.GetDataReaderMethod();
            var value = mapping.CustomizeDataReaderExpression(Expression.Call(Expression.Convert(row, method.DeclaringType!), method, at));
            if (mapping.Converter?.ConvertFromProviderExpression is { } convert) value = Expression.Invoke(convert, Expression.Convert(value, convert.Parameters[0].Type));
            value = Expression.Convert(value, property.ClrType);
            return property.IsNullable ? Expression.Condition(Expression.Call(row, nameof(DbDataReader.IsDBNull), null, at), Expression.Default(property.ClrType), value) : value;
        }
    }
}

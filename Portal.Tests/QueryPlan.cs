using Microsoft.EntityFrameworkCore;

namespace Portal.Tests;

/// <summary>How SQLite would answer a query: which index it follows, and whether it must sort.</summary>
internal static class QueryPlan
{
    public static string Of<T>(IQueryable<T> query)
    {
        using var command = query.CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        if (command.Connection!.State != System.Data.ConnectionState.Open) command.Connection.Open();
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(reader.GetString(3));
        return string.Join("; ", lines);
    }
}

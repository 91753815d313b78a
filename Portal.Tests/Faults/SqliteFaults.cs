using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using SQLitePCL;

namespace Portal.Tests.Faults;

/// <summary>The writer's connection of a portal on SQLite, in the test's hands: breaks it after so many steps of SQLite's machine, or at its commit; once each time.</summary>
internal sealed class SqliteFaults
{
    private readonly sqlite3 _handle;
    private int _left;

    private SqliteFaults(sqlite3 handle) => _handle = handle;

    /// <summary>Whether the fault that was asked for has happened.</summary>
    public bool HasBroken { get; private set; }

    public static async Task<SqliteFaults> WriterOfAsync(PortalStore store) =>
        new(await store.WriteAsync(db => (sqlite3)typeof(SqliteConnection).GetProperty("Handle")!.GetValue(db.Database.GetDbConnection())!, default));   // by name: its type is of another version at build time

    /// <summary>Breaks whatever runs when so many portions of steps are done.</summary>
    public void BreakAt(int portions, int steps = 10)
    {
        (_left, HasBroken) = (portions, false);
        raw.sqlite3_progress_handler(_handle, steps, _ => IsTheOne(), null);
    }

    /// <summary>Refuses the next commit.</summary>
    public void RefuseCommit()
    {
        (_left, HasBroken) = (1, false);
        raw.sqlite3_commit_hook(_handle, _ => IsTheOne(), null);
    }

    /// <summary>Runs a pragma on the connection, past the portal.</summary>
    public void Run(string pragma)
    {
        if (raw.sqlite3_exec(_handle, pragma) is not raw.SQLITE_OK and var code) throw new InvalidOperationException($"SQLite answered {code} to '{pragma}'.");
    }

    private int IsTheOne()
    {
        if (HasBroken || --_left > 0) return 0;
        HasBroken = true;
        return 1;
    }
}

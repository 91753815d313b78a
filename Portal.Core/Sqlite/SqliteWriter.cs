using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Portal.Core.Sqlite;

/// <summary>A small write that may share its transaction with others that wait at the same time.</summary>
internal abstract class GroupedWrite
{
    /// <summary>Does the work on the writer's connection, inside the shared transaction.</summary>
    public abstract void Execute(SqliteConnection connection);

    /// <summary>Called after the commit reached the disk.</summary>
    public abstract void Committed();

    /// <summary>Called when nothing of it stands.</summary>
    public abstract void Failed(Exception exception);
}

/// <summary>
/// The one writer of the process: one thread, one connection, through which every write and every checkpoint goes in turn.
/// SQLite before 3.51.3 can corrupt a WAL database when two connections write or checkpoint at the same instant
/// (https://www.sqlite.org/wal.html#walresetbug), and one writer is also what makes group commit possible: all grouped
/// writes that wait share one transaction and one flush to disk.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>Writes that share a commit at most: enough for every connection of a busy endpoint, and still a short transaction.</summary>
    public const int LargestGroup = 512;

    private const int MostWaiting = 20_000;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _handle;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Queue<GroupedWrite> _grouped = new();
    private readonly Queue<Action<SqliteConnection>> _units = new();
    private readonly List<GroupedWrite> _group = [];
    private readonly Action _openGroup;
    private readonly Action<SqliteConnection> _closeGroup;
    private bool _idle = true;
    private volatile bool _stopping;

    /// <summary>Takes the connection over; <see cref="Start"/> begins.</summary>
    /// <param name="connection">Open, configured, used by nobody else from now on.</param>
    /// <param name="openGroup">Runs at the beginning of each group.</param>
    /// <param name="closeGroup">Runs at the end of each group, inside its transaction.</param>
    public SqliteWriter(SqliteConnection connection, Action openGroup, Action<SqliteConnection> closeGroup)
    {
        _connection = connection;
        _handle = SqliteStatement.HandleOf(connection);
        _openGroup = openGroup;
        _closeGroup = closeGroup;
        _thread = new Thread(Run) { Name = "sqlite-writer", IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>How many writes wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _grouped.Count + _units.Count;
        }
    }

    /// <summary>Queues a grouped write; false when too many wait already.</summary>
    public bool TryEnqueue(GroupedWrite write)
    {
        bool wake;
        lock (_gate)
        {
            if (_grouped.Count >= MostWaiting || _stopping) return false;
            _grouped.Enqueue(write);
            (wake, _idle) = (_idle, false);
        }
        if (wake) _wake.Set();
        return true;
    }

    /// <summary>Writes the whole database anew, without what is only left over in its pages.</summary>
    public Task<bool> WriteAnewAsync() => EnqueueAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM";
        command.ExecuteNonQuery();
        return true;
    }, CancellationToken.None);

    /// <summary>Takes the whole log into the database and cuts it to nothing; false where a reader still needs it.</summary>
    public Task<bool> CutLogAsync() => EnqueueAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE)";   // nobody waits for a reader here
        try
        {
            using var answer = command.ExecuteReader();
            while (answer.FieldCount < 3 && answer.NextResult())
            {
            }
            return answer.Read() && answer.GetInt64(0) == 0;
        }
        finally
        {
            command.CommandText = "PRAGMA busy_timeout=10000";
            command.ExecuteNonQuery();
        }
    }, CancellationToken.None);

    /// <summary>Queues a unit of work that has a transaction to itself.</summary>
    public Task<T> RunAsync<T>(Func<SqliteConnection, SqliteTransaction, T> unit, CancellationToken ct) => EnqueueAsync(connection =>
    {
        using var transaction = connection.BeginTransaction();
        var result = unit(connection, transaction);
        transaction.Commit();
        return result;
    }, ct);

    private Task<T> EnqueueAsync<T>(Func<SqliteConnection, T> unit, CancellationToken ct)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool wake;
        lock (_gate)
        {
            if (_stopping) return Task.FromException<T>(new ObjectDisposedException(nameof(SqliteWriter)));
            _units.Enqueue(connection =>
            {
                if (ct.IsCancellationRequested)
                {
                    done.SetCanceled(ct);
                    return;
                }
                try
                {
                    EndWhatIsOpen();
                    done.SetResult(unit(connection));
                }
                catch (Exception exception)
                {
                    done.SetException(exception);
                }
            });
            (wake, _idle) = (_idle, false);
        }
        if (wake) _wake.Set();
        return done.Task;
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (_thread.IsAlive) _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            Action<SqliteConnection>? unit;
            lock (_gate)
            {
                while (_group.Count < LargestGroup && _grouped.TryDequeue(out var write)) _group.Add(write);
                _units.TryDequeue(out unit);
                if (_group.Count == 0 && unit is null)
                {
                    if (_stopping) return;
                    _idle = true;
                }
            }
            if (_group.Count > 0) CommitGroup(_group);
            _group.Clear();
            unit?.Invoke(_connection);
            if (_idle) _wake.WaitOne();
        }
    }

    /// <summary>A fault in the midst of a beginning leaves a transaction that nobody holds; all after it would break on it.</summary>
    private void EndWhatIsOpen()
    {
        if (raw.sqlite3_get_autocommit(_handle) == 0) raw.sqlite3_exec(_handle, "ROLLBACK");
    }

    private void CommitGroup(List<GroupedWrite> group)
    {
        try
        {
            _openGroup();
            EndWhatIsOpen();
            using var transaction = _connection.BeginTransaction();
            foreach (var write in group) write.Execute(_connection);
            _closeGroup(_connection);
            transaction.Commit();
        }
        catch (Exception) when (group.Count > 1)
        {
            // One bad write must not take its neighbours with it: each gets a transaction of its own.
            foreach (var write in group) CommitGroup([write]);
            return;
        }
        catch (Exception exception)
        {
            group[0].Failed(exception);
            return;
        }
        foreach (var write in group) write.Committed();
    }
}

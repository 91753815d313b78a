using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Portal.Core.Data;

namespace Portal.Core.Postgres;

/// <summary>A piece of processing on PostgreSQL: one transaction from the first look to the commit, which is what makes its claims and locks last.</summary>
internal sealed class PostgresWork : StoreWork
{
    private readonly PostgresStore _store;
    private readonly HashSet<string> _held = [];
    private IDbContextTransaction? _transaction;

    private PostgresWork(PostgresStore store, bool alone) => (_store, IsShared, Read) = (store, !alone, store.OpenRead());

    public override PortalDb Read { get; }

    public override bool IsShared { get; }

    public static async Task<PostgresWork> BeginAsync(PostgresStore store, bool alone, CancellationToken ct)
    {
        var work = new PostgresWork(store, alone);
        try
        {
            await work.BeginAsync(ct);
            return work;
        }
        catch
        {
            await work.DisposeAsync();
            throw;
        }
    }

    public override async Task<bool> HoldAsync(IReadOnlyCollection<string> names, CancellationToken ct)
    {
        if (!IsShared) return false;
        var more = names.Where(n => !_held.Contains(n)).ToList();
        if (more.Count == 0) return false;
        if (_held.Count + more.Count > PostgresLocks.MostNames) throw new MustRunAloneException();
        try
        {
            await PostgresLocks.HoldAsync(Connection, more, ct);
        }
        catch (PostgresException crossing) when (crossing.SqlState == PostgresErrorCodes.DeadlockDetected)
        {
            throw new MustRunAloneException(crossing);
        }
        _held.UnionWith(more);
        return true;
    }

    public override async Task CommitAsync(Action<PortalDb> write, CancellationToken ct)
    {
        await using (var db = _store.OpenOn(Connection, _transaction!.GetDbTransaction()))
        {
            write(db);
            await db.SaveChangesAsync(ct);
        }
        await _transaction!.CommitAsync(CancellationToken.None);   // from here on a stop does not help anybody
    }

    /// <summary>After a command that ran out of time the connection stands where the server confirmed that it gave up, and is broken where it did not answer.</summary>
    public override bool TookTooLong(Exception exception) => PostgresFaults.IsTimeOut(exception) && Connection.State == ConnectionState.Open;

    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (_transaction is not null) await _transaction.DisposeAsync();
            _transaction = null;
        }
        finally
        {
            await Read.DisposeAsync();
        }
    }

    private NpgsqlConnection Connection => (NpgsqlConnection)Read.Database.GetDbConnection();

    private async Task BeginAsync(CancellationToken ct)
    {
        _transaction = await Read.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        await PostgresLocks.TakePartAsync(Connection, alone: !IsShared, ct);
    }
}

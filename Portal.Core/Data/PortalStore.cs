namespace Portal.Core.Data;

/// <summary>
/// The one way to the database: read contexts for anybody, writes in turn. A write is a function over a context inside a
/// transaction of its own; when the returned task completes, it is on disk.
/// </summary>
public abstract class PortalStore
{
    /// <summary>Opens the database, before anything else is asked of it: creates what is missing and brings its schema up to date.</summary>
    /// <exception cref="StoreNotOpenedException">It cannot be opened; the message says what to do.</exception>
    public abstract void Open();

    /// <summary>A context for reading. It tracks nothing and cannot write.</summary>
    public abstract PortalDb OpenRead();

    /// <summary>The same, with all its queries seeing one moment: what is written meanwhile is not seen. Not to be kept open for long.</summary>
    public abstract Task<PortalDb> OpenSnapshotAsync(CancellationToken ct);

    /// <summary>
    /// Runs <paramref name="work"/> alone, in a transaction; what it added is saved and committed before the task completes.
    /// If it throws, nothing of it stands and the task carries the exception.
    /// </summary>
    public abstract Task<T> WriteAsync<T>(Func<PortalDb, T> work, CancellationToken ct);

    /// <summary>What the database needs done from time to time. Cheap when there is nothing to do.</summary>
    public virtual Task MaintainAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>Takes what was deleted out of files that the database keeps besides its own, as far as that can be done at once.</summary>
    public virtual Task ForgetAsync(CancellationToken ct) => Task.CompletedTask;

    /// <summary>How many writes wait for their turn in this process; null where they wait in the database instead.</summary>
    public virtual int? WritesWaiting => null;

    /// <summary>Ends where the database would take a write now; writes nothing.</summary>
    public virtual Task ProbeWriteAsync(CancellationToken ct) => WriteAsync(_ => { }, ct);

    /// <summary>How many bytes the database takes; null where that cannot be told.</summary>
    public virtual Task<long?> SizeAsync(CancellationToken ct) => Task.FromResult<long?>(null);

    /// <inheritdoc cref="WriteAsync{T}" />
    public Task WriteAsync(Action<PortalDb> work, CancellationToken ct) => WriteAsync(db =>
    {
        work(db);
        return true;
    }, ct);

    /// <summary>
    /// Begins a piece of processing: what it reads stays as it is until it writes. Pieces that hold nothing in common may run side by side,
    /// in this process or in others; none runs beside a write.
    /// </summary>
    /// <param name="alone">Whether no other piece may run meanwhile, in no process.</param>
    /// <param name="ct">Stops the waiting.</param>
    public abstract Task<StoreWork> BeginWorkAsync(bool alone, CancellationToken ct);

    /// <summary>Takes a name, such as that of a long piece of work, until what this returns is disposed; a process that ends lets go of all of its names.</summary>
    /// <returns>Null where somebody else has it, in this process or in another one.</returns>
    public abstract Task<IAsyncDisposable?> TryOwnAsync(string name, CancellationToken ct);

    /// <summary>
    /// Whether an exception says that the database cannot work just now (it is away, full, locked, read-only), and not that what was asked
    /// of it is wrong: the same may succeed later.
    /// </summary>
    public abstract bool IsUnavailable(Exception exception);
}

/// <summary>A piece of processing: reads, holds what it is about to change, writes once. Disposing it without a write leaves nothing.</summary>
public abstract class StoreWork : IAsyncDisposable
{
    /// <summary>A word in a query's tag: rows that it finds are this piece's alone until it ends, and rows of other pieces are passed over.</summary>
    public const string Claim = "portal: for update skip locked";

    /// <summary>What stands. It tracks nothing and cannot write.</summary>
    public abstract PortalDb Read { get; }

    /// <summary>Whether other pieces may be under way at the same time.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Waits until no other piece holds any of these names, and holds them to the end.</summary>
    /// <returns>Whether something may have changed since this piece read it last: what was read without these names is to be read again.</returns>
    /// <exception cref="MustRunAloneException">They are more than can be held one by one, or another piece holds some and waits for others of this one's.</exception>
    public abstract Task<bool> HoldAsync(IReadOnlyCollection<string> names, CancellationToken ct);

    /// <summary>Writes, once, at the end; when the task completes, it is on disk.</summary>
    public abstract Task CommitAsync(Action<PortalDb> write, CancellationToken ct);

    /// <summary>
    /// Whether an exception says that something asked here took longer than it may, while the database is there and answers: it would take as
    /// long the next time, unlike where the database cannot work just now.
    /// </summary>
    public virtual bool TookTooLong(Exception exception) => false;

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}

/// <summary>A piece of processing cannot be done beside others: it concerns more than can be held name by name, or they held each other up.</summary>
public sealed class MustRunAloneException(Exception? inner = null) : Exception("This must be tried again alone.", inner);

/// <summary>The store cannot be opened: another process has it, or its place does not allow it. The message says what to do.</summary>
public sealed class StoreNotOpenedException(string message, Exception? inner = null) : Exception(message, inner);

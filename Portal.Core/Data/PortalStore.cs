namespace Portal.Core.Data;

/// <summary>
/// The one way to the database: read contexts for anybody, writes in turn. A write is a function over a context inside a
/// transaction of its own; when the returned task completes, it is on disk.
/// </summary>
public abstract class PortalStore
{
    /// <summary>A context for reading. It tracks nothing and cannot write.</summary>
    public abstract PortalDb OpenRead();

    /// <summary>The same, with all its queries seeing one moment: what is written meanwhile is not seen. Not to be kept open for long.</summary>
    public abstract Task<PortalDb> OpenSnapshotAsync(CancellationToken ct);

    /// <summary>
    /// Runs <paramref name="work"/> alone, in a transaction; what it added is saved and committed before the task completes.
    /// If it throws, nothing of it stands and the task carries the exception.
    /// </summary>
    public abstract Task<T> WriteAsync<T>(Func<PortalDb, T> work, CancellationToken ct);

    /// <summary>Takes what was deleted out of files that the database keeps besides its own, as far as that can be done at once.</summary>
    public virtual Task ForgetAsync(CancellationToken ct) => Task.CompletedTask;

    /// <inheritdoc cref="WriteAsync{T}" />
    public Task WriteAsync(Action<PortalDb> work, CancellationToken ct) => WriteAsync(db =>
    {
        work(db);
        return true;
    }, ct);
}

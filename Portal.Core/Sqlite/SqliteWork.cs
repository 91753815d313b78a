using Portal.Core.Data;

namespace Portal.Core.Sqlite;

/// <summary>
/// A piece of processing on the embedded database. One runs at a time, since there is one writer anyway: whatever it reads can only be
/// changed by a person's write in between, and each of those asks for a fold of what it concerns.
/// </summary>
internal sealed class SqliteWork(PortalStore store, SemaphoreSlim turn) : StoreWork
{
    private bool _ended;

    public override PortalDb Read { get; } = store.OpenRead();

    public override bool IsShared => false;

    public override Task<bool> HoldAsync(IReadOnlyCollection<string> names, CancellationToken ct) => Task.FromResult(false);

    public override Task CommitAsync(Action<PortalDb> write, CancellationToken ct) => store.WriteAsync(write, ct);

    public override async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        turn.Release();
        await Read.DisposeAsync();
    }
}

namespace Portal.Core.Pipeline;

/// <summary>Wakes whoever drains the inbox. Nothing is lost if nobody listens: the inbox's rows are the record of work, and a sweep finds them.</summary>
public sealed class InboxSignal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);
    private int _listeners;

    /// <summary>Called on a wake-up when nobody is waiting in <see cref="WaitAsync"/>: starts the drain.</summary>
    public event Action? Unattended;

    /// <summary>There is work. Cheap; may be called for every commit.</summary>
    public void Wake()
    {
        try
        {
            if (_semaphore.CurrentCount == 0) _semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // somebody else woke it at the same instant
        }
        if (Volatile.Read(ref _listeners) == 0) Unattended?.Invoke();
    }

    /// <summary>Waits for work; false when the time is over.</summary>
    public Task<bool> WaitAsync(TimeSpan longest, CancellationToken ct) => _semaphore.WaitAsync(longest, ct);

    /// <summary>From now until disposed, somebody attends: wake-ups reach the drain that is running. Null where somebody does already.</summary>
    public IDisposable? TryAttend() => Interlocked.CompareExchange(ref _listeners, 1, 0) == 0 ? new Attendance(this) : null;

    /// <inheritdoc />
    public void Dispose() => _semaphore.Dispose();

    private sealed class Attendance(InboxSignal signal) : IDisposable
    {
        public void Dispose()
        {
            // A wake-up that came between the last look and now must not be lost.
            if (Interlocked.Decrement(ref signal._listeners) == 0 && signal._semaphore.CurrentCount > 0) signal.Unattended?.Invoke();
        }
    }
}

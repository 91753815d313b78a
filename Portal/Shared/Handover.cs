using System.Collections.Concurrent;

namespace Portal.Shared;

/// <summary>
/// Carries what a page showed when it was first sent to the moment when it comes alive, a second later, so that it neither asks
/// twice nor flickers. Each thing is taken once, by a number that only that page's browser knows, and forgotten soon.
/// </summary>
public sealed class Handover(TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<Guid, (object View, DateTimeOffset Until)> _views = new();

    /// <summary>Leaves something.</summary>
    public Guid Leave(object view)
    {
        var now = clock.GetUtcNow();
        foreach (var (key, (_, until)) in _views)
        {
            if (until < now) _views.TryRemove(key, out _);
        }
        var id = Guid.NewGuid();
        _views[id] = (view, now + Kept);
        return id;
    }

    /// <summary>Takes it, once.</summary>
    public T? Take<T>(Guid id) where T : class =>
        _views.TryRemove(id, out var left) && left.Until >= clock.GetUtcNow() ? left.View as T : null;
}

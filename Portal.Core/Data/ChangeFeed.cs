namespace Portal.Core.Data;

/// <summary>
/// Tells open pages that something of an environment changed, so that they ask again. Subscriptions are disposable, and
/// each is called at most once per <see cref="Pause"/> however much happens.
/// </summary>
public sealed class ChangeFeed(TimeProvider clock)
{
    /// <summary>The shortest time between two calls of one subscriber.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];

    /// <summary>Calls <paramref name="changed"/>, on a thread-pool thread, after changes in the environment, until disposed.</summary>
    public IDisposable Subscribe(PortalEnvironment environment, Func<Task> changed)
    {
        var subscription = new Subscription(this, environment, changed, clock);
        lock (_gate) _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>Called for every change of this process: for whoever tells other processes.</summary>
    public event Action<PortalEnvironment>? Published;

    /// <summary>Something of the environment changed.</summary>
    public void Publish(PortalEnvironment environment)
    {
        Hear(environment);
        Published?.Invoke(environment);
    }

    /// <summary>Another process says that something of the environment changed.</summary>
    public void Hear(PortalEnvironment environment)
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions)
            {
                if (subscription.Environment == environment) subscription.Notify();
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate) _subscriptions.Remove(subscription);
    }

    private sealed class Subscription : IDisposable
    {
        private readonly ChangeFeed _feed;
        private readonly Func<Task> _changed;
        private readonly ITimer _timer;
        private int _scheduled;

        public Subscription(ChangeFeed feed, PortalEnvironment environment, Func<Task> changed, TimeProvider clock)
        {
            (_feed, Environment, _changed) = (feed, environment, changed);
            _timer = clock.CreateTimer(_ => _ = CallAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public PortalEnvironment Environment { get; }

        public void Notify()
        {
            if (Interlocked.Exchange(ref _scheduled, 1) == 0) _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _feed.Remove(this);
            _timer.Dispose();
        }

        private async Task CallAsync()
        {
            Volatile.Write(ref _scheduled, 0);
            try
            {
                await _changed();
            }
            catch (ObjectDisposedException)
            {
                // the page went away between the change and the call
            }
        }
    }
}

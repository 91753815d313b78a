using System.Security.Cryptography;
using Npgsql;
using Portal.Core.Inbox;

namespace Portal.Core.Postgres;

/// <summary>
/// The inbox's hot path on PostgreSQL: one thread takes all deliveries that wait, writes them by one statement and one commit, and then
/// answers all of them. While the server is away each is refused at once, so that the provider comes again.
/// </summary>
internal sealed class PostgresIntake : IIntake, IDisposable
{
    private const int LargestGroup = 512;
    private const int MostBytesInGroup = 8 * 1024 * 1024;
    private const int MostWaiting = 20_000;
    private const int MostRefusedWaiting = 64;

    private readonly PostgresIntakeStatements _statements;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Queue<Waiting> _waiting = new();
    private readonly Queue<RefusedDelivery> _refused = new();
    private bool _started;
    private volatile bool _stopping;
    private long _accepted;

    public PostgresIntake(NpgsqlDataSource source)
    {
        _statements = new PostgresIntakeStatements(source);
        _thread = new Thread(Run) { Name = "postgres-intake", IsBackground = true };
    }

    public long AcceptedSoFar => Interlocked.Read(ref _accepted);

    public event Action? Arrived;

    /// <summary>Says that another portal stored something.</summary>
    public void ArrivedElsewhere() => Arrived?.Invoke();

    public Task<Receipt> AcceptAsync(IncomingDelivery delivery)
    {
        var waiting = new Waiting(delivery);
        lock (_gate)
        {
            if (_stopping || _waiting.Count >= MostWaiting) return Task.FromException<Receipt>(new InboxOverloadedException());
            _waiting.Enqueue(waiting);
            Start();
        }
        _wake.Set();
        return waiting.Done.Task;
    }

    public void Refuse(RefusedDelivery delivery)
    {
        lock (_gate)
        {
            // Whoever floods the endpoint with bad requests must not fill the queue that good ones need.
            if (_stopping || _refused.Count >= MostRefusedWaiting) return;
            _refused.Enqueue(delivery.Cut());
            Start();
        }
        _wake.Set();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
        }
        _wake.Set();
        if (_started) _thread.Join();
        _wake.Dispose();
        _statements.Dispose();
    }

    private void Start()
    {
        if (_started) return;
        _started = true;
        _thread.Start();
    }

    private void Run()
    {
        while (true)
        {
            var (group, refused) = Take();
            if (group.Count == 0 && refused.Count == 0)
            {
                if (_stopping) return;
                _wake.WaitOne();
                continue;
            }
            if (group.Count > 0) Store(group);
            if (refused.Count > 0) Keep(refused);
        }
    }

    private (List<Waiting> Group, List<RefusedDelivery> Refused) Take()
    {
        var (group, bytes) = (new List<Waiting>(), 0);
        lock (_gate)
        {
            while (group.Count < LargestGroup && bytes < MostBytesInGroup && _waiting.TryDequeue(out var waiting))
            {
                group.Add(waiting);
                bytes += waiting.Delivery.Body.Length;
            }
            var refused = _refused.ToList();
            _refused.Clear();
            return (group, refused);
        }
    }

    private void Store(List<Waiting> group)
    {
        Receipt[] receipts;
        try
        {
            receipts = _statements.Accept(group.ConvertAll(w => w.Delivery));
        }
        catch (Exception exception) when (group.Count > 1 && !IsAway(exception))
        {
            // One bad delivery must not take its neighbours with it: each gets a transaction of its own.
            foreach (var one in group) Store([one]);
            return;
        }
        catch (Exception exception)
        {
            foreach (var one in group) one.Done.SetException(exception);
            return;
        }
        Interlocked.Add(ref _accepted, group.Count);
        for (var i = 0; i < group.Count; i++) group[i].Done.SetResult(receipts[i]);
        if (Array.Exists(receipts, r => r.Outcome == DeliveryOutcome.Accepted)) Arrived?.Invoke();
    }

    /// <summary>Not the group's fault but the server's. A deadlock with another portal's group is neither: alone, each goes through.</summary>
    private static bool IsAway(Exception exception) => exception is not PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected } && PostgresFaults.IsUnavailable(exception);

    private void Keep(List<RefusedDelivery> refused)
    {
        try
        {
            _statements.Keep(refused.ConvertAll(r => (r, SHA256.HashData(r.Body))));
        }
        catch (Exception exception) when (exception is NpgsqlException || PostgresFaults.IsUnavailable(exception))
        {
            // Refused they are already; that they cannot be shown is all that is lost.
        }
    }

    private sealed record Waiting(IncomingDelivery Delivery)
    {
        public TaskCompletionSource<Receipt> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

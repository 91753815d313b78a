using System.Collections.Concurrent;

namespace Portal.Health;

/// <summary>Asks everything that the portal depends on, side by side and never for long; who asks again within a second gets the same answer.</summary>
internal sealed class HealthBoard(IEnumerable<ReadinessCheck> checks, TimeProvider clock)
{
    /// <summary>The longest that one check may take: a database that hangs must not make the probe hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Task<string?>> _asked = new();
    private readonly Lock _gate = new();
    private Task<HealthReport>? _report;
    private long _reportedAt;

    /// <summary>How the portal is.</summary>
    public Task<HealthReport> LookAsync()
    {
        lock (_gate)
        {
            if (_report is null || (_report.IsCompleted && clock.GetElapsedTime(_reportedAt) > Fresh)) (_report, _reportedAt) = (AskAllAsync(), clock.GetTimestamp());
            return _report;
        }
    }

    private async Task<HealthReport> AskAllAsync() => new(await Task.WhenAll(checks.Select(AskAsync)));

    private async Task<CheckResult> AskAsync(ReadinessCheck check)
    {
        // One that has not answered yet is not asked once more: what hangs must not pile up.
        var asked = _asked.AddOrUpdate(check.Name, _ => Begin(check), (_, before) => before.IsCompleted ? Begin(check) : before);
        try
        {
            return Result(await asked.WaitAsync(Patience, TimeProvider.System));
        }
        catch (TimeoutException)
        {
            return Result("It did not answer in time.");
        }
        catch (Exception exception)
        {
            return Result($"It broke ({exception.GetType().Name}).");
        }

        CheckResult Result(string? fault) => new(check.Name, check.Title, check.IsNeeded, fault);
    }

    /// <summary>On a thread of its own: SQLite answers synchronously, or does not answer.</summary>
    private static Task<string?> Begin(ReadinessCheck check) => Task.Run(async () =>
    {
        using var patience = new CancellationTokenSource(Patience);
        return await check.AskAsync(patience.Token);
    });
}

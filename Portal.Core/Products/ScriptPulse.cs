using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Products;

/// <summary>
/// Notes that scripts in people's browsers call. A busy product's calls are gathered for some seconds and written together: what is shown
/// may lag that much, and a crash loses that much of a count that moves no money.
/// </summary>
public sealed class ScriptPulse(PortalStore store, TimeProvider clock)
{
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(5);

    private readonly Lock _gathering = new();
    private readonly Dictionary<(PortalEnvironment, string), Gathered> _gathered = [];

    /// <summary>Notes a call.</summary>
    /// <param name="environment">Whose.</param>
    /// <param name="script">One of <see cref="ScriptNames"/>.</param>
    /// <param name="refusal">The code of the reason why it was refused; null for a call that was right.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task NoteAsync(PortalEnvironment environment, string script, string? refusal, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (Gather(environment, script, refusal, now) is not { } due) return;
        var hour = (int)(now.ToUnixTimeSeconds() / 3600);
        await store.WriteAsync(db =>
        {
            var calls = db.ScriptCalls.Where(c => c.Environment == environment && c.Script == script && c.Hour == hour);
            if (!calls.Any())
            {
                db.ScriptCalls.Add(new ScriptCall { Environment = environment, Script = script, Hour = hour, Calls = due.Calls, Refused = due.Refused, LastAt = due.LastAt, LastRefusal = due.LastRefusal });
                return;
            }
            calls.ExecuteUpdate(set => set
                .SetProperty(c => c.Calls, c => c.Calls + due.Calls)
                .SetProperty(c => c.Refused, c => c.Refused + due.Refused)
                .SetProperty(c => c.LastAt, c => due.LastAt ?? c.LastAt)
                .SetProperty(c => c.LastRefusal, c => due.LastRefusal ?? c.LastRefusal));
        }, ct);
    }

    /// <summary>What is to be written now; null while there is time.</summary>
    private Gathered? Gather(PortalEnvironment environment, string script, string? refusal, DateTimeOffset now)
    {
        lock (_gathering)
        {
            var gathered = _gathered.TryGetValue((environment, script), out var before) ? before : new Gathered();
            var more = refusal is null
                ? gathered with { Calls = gathered.Calls + 1, LastAt = now }
                : gathered with { Refused = gathered.Refused + 1, LastRefusal = refusal };
            var isDue = now - gathered.WrittenAt >= BetweenWrites;
            _gathered[(environment, script)] = isDue ? new Gathered { WrittenAt = now } : more;
            return isDue ? more : null;
        }
    }

    private sealed record Gathered
    {
        public long Calls { get; init; }

        public long Refused { get; init; }

        public DateTimeOffset? LastAt { get; init; }

        public string? LastRefusal { get; init; }

        public DateTimeOffset WrittenAt { get; init; }
    }
}

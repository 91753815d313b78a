using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Core.Data;

namespace Portal.Core.Postgres;

/// <summary>
/// What portals on one database tell each other: that something arrived, and that pages should look again. Only a wake-up call:
/// whoever misses it finds the same in the rows a little later.
/// </summary>
internal sealed class PostgresNotices : IDisposable
{
    /// <summary>New events are in the inbox.</summary>
    public const string Arrival = "arrival";

    private const string Channel = "portal";
    private const string Change = "change ";

    private static readonly TimeSpan BetweenChanges = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly PostgresIntake _intake;
    private readonly ChangeFeed _changes;
    private readonly ILogger<PostgresNotices> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<PortalEnvironment, bool> _changed = [];
    private readonly string _self = Guid.NewGuid().ToString("N");
    private Task _running = Task.CompletedTask;

    public PostgresNotices(NpgsqlDataSource source, PostgresIntake intake, ChangeFeed changes, ILogger<PostgresNotices> logger) =>
        (_source, _intake, _changes, _logger) = (source, intake, changes, logger);

    public void Start()
    {
        _changes.Published += Note;
        _running = Task.WhenAll(Task.Run(ListenAsync), Task.Run(TellAsync));
    }

    /// <summary>Tells all portals, as soon as the connection's transaction is committed.</summary>
    public static void Send(NpgsqlConnection connection, string notice)
    {
        using var command = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection) { Parameters = { new() { Value = Channel }, new() { Value = notice } } };
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        if (_stopping.IsCancellationRequested) return;
        _changes.Published -= Note;
        _stopping.Cancel();
        _running.Wait(TimeSpan.FromSeconds(5));
    }

    private void Note(PortalEnvironment environment) => _changed[environment] = true;

    private async Task ListenAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(_stopping.Token);
                connection.Notification += (_, notice) => Hear(notice.Payload);
                await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(_stopping.Token);
                HearAll();   // whatever was said while nobody listened
                while (true) await connection.WaitAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _logger.NotListening(exception.GetType().Name, exception.Message);
                await Task.Delay(BeforeNextTry, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TellAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(BetweenChanges, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var environment in _changed.Keys)
            {
                if (!_changed.TryRemove(environment, out _)) continue;
                try
                {
                    await using var connection = await _source.OpenConnectionAsync(_stopping.Token);
                    Send(connection, $"{Change}{environment.Slug()} {_self}");
                }
                catch (Exception exception) when (PostgresFaults.IsUnavailable(exception) || exception is OperationCanceledException)
                {
                    _changed[environment] = true;   // the listener says that the server is away; this is told once it is back
                }
            }
        }
    }

    private void Hear(string notice)
    {
        if (notice == Arrival) _intake.ArrivedElsewhere();
        else if (notice.StartsWith(Change, StringComparison.Ordinal) && notice[Change.Length..].Split(' ') is [var slug, var who] && who != _self
            && PortalEnvironments.TryParse(slug, out var environment)) _changes.Hear(environment);
    }

    private void HearAll()
    {
        _intake.ArrivedElsewhere();
        foreach (var environment in PortalEnvironments.All) _changes.Hear(environment);
    }
}

internal static partial class NoticeLog
{
    [LoggerMessage(1013, LogLevel.Warning, "Not listening to the other portals ({Kind}): {Message}")]
    public static partial void NotListening(this ILogger logger, string kind, string message);
}

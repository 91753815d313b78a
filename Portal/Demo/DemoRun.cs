using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Data;
using Portal.Core.Inbox;

namespace Portal.Demo;

/// <summary>The demo from the first line on the console to the last: account, program, history, ready.</summary>
internal sealed class DemoRun(
    IHostApplicationLifetime lifetime,
    IServer server,
    IServiceScopeFactory scopes,
    IOptions<DemoOptions> options,
    DemoAccount account,
    DemoProgram program,
    DemoSender sender,
    DemoMark mark,
    DemoConsole console,
    PortalStore store,
    TimeProvider clock,
    ILogger<DemoRun> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartedAsync(stoppingToken);
            await TellAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // stopped halfway: the next start tells the same history again, and what is there already counts as seen
        }
        catch (Exception exception)
        {
            logger.DemoBroke(exception);   // the portal itself goes on
            console.Say($"The demo broke off: {exception.Message}");
        }
    }

    private async Task TellAsync(CancellationToken ct)
    {
        var address = ListeningAddress();
        var url = address.GetLeftPart(UriPartial.Authority);
        await using (var scope = scopes.CreateAsyncScope())
            await account.EnsureAsync(scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>(), clock);
        console.Welcome(url);
        console.Password(account.Password);

        var note = mark.Read() ?? new DemoNote(options.Value.Seed, options.Value.Customers, null, false);
        if (note is { IsComplete: true, EndsAt: { } ended })
        {
            console.Say($"The history until {ended:yyyy-MM-dd} is here already; delete the data directory for a new one.");
        }
        else
        {
            var end = note.EndsAt ?? DemoTimeline.WholeSecond(clock.GetUtcNow());
            mark.Write(note with { EndsAt = end });   // a start that goes on where this one was stopped tells the same
            var timeline = DemoTimeline.Until(end);
            await program.SetUpAsync(timeline, ct);
            await sender.SendAsync(new Uri(address, "webhooks/sandbox/stripe"), DemoHistory.Of(note.Seed, note.Customers, timeline), ct);
            await ProcessedAsync(ct);
            mark.Write(note with { EndsAt = end, IsComplete = true });
        }
        console.Say($"Ready: {url}");
    }

    private async Task StartedAsync(CancellationToken ct)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var on = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(ct);
    }

    /// <summary>Where the server really listens; an address for everybody is reached by this machine's own name.</summary>
    private Uri ListeningAddress()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("The server listens nowhere.");
        var binding = BindingAddress.Parse(address);
        var host = binding.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : binding.Host;
        return new UriBuilder(binding.Scheme, host, binding.Port).Uri;
    }

    private async Task ProcessedAsync(CancellationToken ct)
    {
        while (true)
        {
            await using var db = store.OpenRead();
            if (!await db.Events.AnyAsync(e => e.State == EventState.Pending, ct)) return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }
}

internal static partial class DemoLog
{
    [LoggerMessage(1400, LogLevel.Error, "The demo broke off; the portal itself goes on")]
    public static partial void DemoBroke(this ILogger logger, Exception exception);
}

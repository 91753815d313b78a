using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Portal.Hosting;

namespace Portal.Keys;

/// <summary>Sees to it that there is a key now and the next one is there days before it is needed, so that every instance knows it in time.</summary>
internal sealed class KeyRingKeeper(IKeyManager keys, ILogger<KeyRingKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(7);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromHours(6);

    /// <summary>Makes the key that is missing, if one is.</summary>
    public void Keep()
    {
        // Data protection asks the real clock, whatever the portal's own says.
        var now = DateTimeOffset.UtcNow;
        var until = keys.GetAllKeys().Where(k => !k.IsRevoked && k.ActivationDate <= now.Add(Ahead)).Select(k => (DateTimeOffset?)k.ExpirationDate).Max();
        if (until > now + Ahead) return;
        var from = until > now ? until.Value : now;
        keys.CreateNewKey(from, from + Lifetime);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Task.Run(Keep, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.KeyRingNotKept(exception);   // days are left to try again
            }
        }
    }
}

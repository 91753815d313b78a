using System.Diagnostics;
using Portal.Core;
using Xunit;

namespace Portal.Tests.Jobs;

public sealed class StopTests
{
    [Fact]
    public async Task A_portal_that_has_just_worked_stops_at_once_and_the_next_start_goes_on()
    {
        var first = new PortalHost().KeepDirectory();
        var api = await first.CreateApiClientAsync(PortalEnvironment.Sandbox);
        await api.TellAsync(StripeSamples.Customer());
        using (await api.PostStripeAsync(StripeSamples.Refund())) { }

        var watch = Stopwatch.StartNew();
        await first.DisposeAsync();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));   // the drain lingers three seconds where nobody stops it

        await using var next = new PortalHost { DataDirectory = first.DataDirectory };
        var inbox = await (await next.CreateApiClientAsync(PortalEnvironment.Sandbox)).UntilAsync("inbox", i => i.Number("pending") == 0);
        Assert.Equal(1, inbox.Number("waiting"));
    }
}

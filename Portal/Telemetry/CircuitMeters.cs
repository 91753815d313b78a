using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Portal.Core.Telemetry;

namespace Portal.Telemetry;

/// <summary>How many living pages this instance holds. The framework counts them too, but only from its first page on.</summary>
internal sealed class CircuitMeters
{
    private int _open;
    private int _connected;

    public CircuitMeters(IMeterFactory meters)
    {
        var meter = meters.Create(PortalTelemetry.Name);
        meter.CreateObservableUpDownCounter("portal.circuits", () => _open, "{circuit}", "Living pages that this instance holds.");
        meter.CreateObservableUpDownCounter("portal.circuits.connected", () => _connected, "{circuit}", "Those of them whose browser is connected.");
    }

    /// <summary>Counts one circuit; there is one for each.</summary>
    public sealed class Handler(CircuitMeters meters) : CircuitHandler
    {
        public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken) => Count(ref meters._open, 1);

        public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken) => Count(ref meters._open, -1);

        public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken) => Count(ref meters._connected, 1);

        public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => Count(ref meters._connected, -1);

        private static Task Count(ref int circuits, int more)
        {
            Interlocked.Add(ref circuits, more);
            return Task.CompletedTask;
        }
    }
}

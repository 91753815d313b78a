using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Portal.Outgoing;

/// <summary>
/// Opens the connections of outgoing calls, and only to public addresses. The name is looked up here and the address that was
/// judged is the one that is connected to: a name that changes its mind in between gains nothing.
/// </summary>
internal sealed class OutgoingConnector(IOptions<OutgoingOptions> options, OutgoingNames names)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await names.FindAsync(host, ct);
        if (addresses.Length == 0) throw new OutgoingException($"{host} has no address.", isRefused: false);
        if (!options.Value.Allows(host, port) && Array.Find(addresses, a => !PublicAddress.Is(a)) is not null)
            throw new OutgoingException($"{host} leads to an address that is not public. Outgoing:AllowedHosts can make an exception.", isRefused: true);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Looks names up.</summary>
internal class OutgoingNames
{
    public virtual Task<IPAddress[]> FindAsync(string host, CancellationToken ct) => Dns.GetHostAddressesAsync(host, ct);
}

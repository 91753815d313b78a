using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Portal.Tests.Faults;

/// <summary>
/// The cable to the database's server, in the test's hands: it can be cut at the n-th thing that the portal says, before the server hears it or
/// before the portal hears the answer; pulled out and put back; and made slow.
/// </summary>
internal sealed class Cable : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _ends = [];
    private int _left;
    private bool _hearsFirst;
    private bool _wasCut;

    public Cable()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether nothing comes through.</summary>
    public bool IsOut { get; private set; }

    /// <summary>How long everything takes longer, each way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Cuts once, at the n-th thing that the portal says from now on.</summary>
    /// <param name="n">From 1.</param>
    /// <param name="serverHearsIt">Whether the server hears it, and only its answer is lost.</param>
    public void CutAt(int n, bool serverHearsIt)
    {
        lock (_gate) (_left, _hearsFirst, _wasCut) = (n, serverHearsIt, false);
    }

    /// <summary>Cuts no more.</summary>
    /// <returns>Whether it was cut.</returns>
    public bool Mend()
    {
        lock (_gate)
        {
            _left = 0;
            return _wasCut;
        }
    }

    public void PullOut()
    {
        IsOut = true;
        CloseAll();
    }

    public void PutBack() => IsOut = false;

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Stop();
        CloseAll();
        _stopping.Dispose();
    }

    private void CloseAll()
    {
        lock (_gate)
        {
            foreach (var end in _ends) end.Dispose();
            _ends.Clear();
        }
    }

    private async Task AcceptAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(TestDatabase.Server);
        while (!_stopping.IsCancellationRequested)
        {
            TcpClient portal;
            try
            {
                portal = await _listener.AcceptTcpClientAsync(_stopping.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            if (IsOut)
            {
                portal.Dispose();
                continue;
            }
            var there = new TcpClient { NoDelay = true };
            portal.NoDelay = true;
            await there.ConnectAsync(server.Host!, server.Port);
            lock (_gate) _ends.AddRange([portal, there]);
            _ = CarryAsync(portal, there, saysIt: true);
            _ = CarryAsync(there, portal, saysIt: false);
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to, bool saysIt)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var length)
            {
                if (Delay > TimeSpan.Zero) await Task.Delay(Delay, _stopping.Token);
                var cut = saysIt && IsTheOne();
                if (!cut || _hearsFirst) await to.GetStream().WriteAsync(buffer.AsMemory(0, length));
                if (!cut) continue;
                from.Dispose();   // at once: no answer comes through
                await Task.Delay(50);   // so that the server has heard it before its end is closed
                break;
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // the other end was closed
        }
        from.Dispose();
        to.Dispose();
    }

    private bool IsTheOne()
    {
        lock (_gate)
        {
            if (_left == 0 || --_left > 0) return false;
            return _wasCut = true;
        }
    }
}

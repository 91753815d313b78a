using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Benchmarks.Ingest;

/// <summary>
/// A blocking connection that stays open: one send and, usually, one receive per request, so that the load takes as little as possible of a
/// machine that it shares with the server.
/// </summary>
internal sealed class KeepAliveConnection(int port) : IDisposable
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private Socket? _socket;
    private int _filled;

    /// <summary>Sends one request and waits for its whole answer.</summary>
    /// <returns>The status; 0 when the connection broke.</returns>
    public int Send(byte[] request)
    {
        try
        {
            _socket ??= Connect();
            for (var sent = 0; sent < request.Length;) sent += _socket.Send(request, sent, request.Length - sent, SocketFlags.None);
            return ReadAnswer();
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Dispose();
            return 0;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        (_socket, _filled) = (null, 0);
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private int ReadAnswer()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0) Receive();
        var head = Encoding.ASCII.GetString(_buffer, 0, end);
        Consume(end + 4);
        if (Value(head, "Content-Length") is { } length) Skip(int.Parse(length, CultureInfo.InvariantCulture));
        else if (Value(head, "Transfer-Encoding") is "chunked") SkipChunks();
        if (string.Equals(Value(head, "Connection"), "close", StringComparison.OrdinalIgnoreCase)) Dispose();
        return int.Parse(head.AsSpan(head.IndexOf(' ', StringComparison.Ordinal) + 1, 3), CultureInfo.InvariantCulture);
    }

    private void SkipChunks()
    {
        for (var size = 1; size > 0;)
        {
            int end;
            while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n"u8)) < 0) Receive();
            size = int.Parse(Encoding.ASCII.GetString(_buffer, 0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Consume(end + 2);
            Skip(size + 2);
        }
    }

    private static string? Value(string head, string name)
    {
        var at = head.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        at += name.Length + 3;
        var end = head.IndexOf("\r\n", at, StringComparison.Ordinal);
        return head[at..(end < 0 ? head.Length : end)].Trim();
    }

    private void Skip(int bytes)
    {
        while (bytes > 0)
        {
            if (_filled == 0) Receive();
            var step = Math.Min(bytes, _filled);
            Consume(step);
            bytes -= step;
        }
    }

    private void Consume(int bytes)
    {
        Buffer.BlockCopy(_buffer, bytes, _buffer, 0, _filled - bytes);
        _filled -= bytes;
    }

    private void Receive()
    {
        var got = _filled == _buffer.Length ? 0 : _socket!.Receive(_buffer, _filled, _buffer.Length - _filled, SocketFlags.None);
        if (got == 0) throw new IOException("The server ended the connection, or said too much.");
        _filled += got;
    }
}

using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Portal.Tests.Webhooks;

/// <summary>What is not whole is not received, and what is not received is never acknowledged.</summary>
public sealed class BrokenBodyTests
{
    private const string Head = "POST /webhooks/sandbox/stripe HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nnonsense\r\n")]
    public async Task A_body_that_breaks_off_is_refused(string rest)
    {
        await using var host = new PortalHost();
        var address = host.Listen();
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Head + rest));

        var answer = new byte[256];
        var length = await client.GetStream().ReadAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.StartsWith("HTTP/1.1 400", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
    }
}

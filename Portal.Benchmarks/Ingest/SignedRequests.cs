using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Benchmarks.History;
using Portal.Demo;

namespace Portal.Benchmarks.Ingest;

/// <summary>Whole requests, made and signed before the clock starts: of the same paid invoice of 3.1 kB with distinct ids, or of a history.</summary>
internal sealed class SignedRequests(string path, string secret)
{
    private const string SuffixSlot = "{{event_suffix_________}}";
    private const string CustomerSlot = "{{customer__}}";
    private const string CreatedSlot = "{{created_}}";
    private const string AmountSlot = "{{a}}";

    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);
    private readonly string _run = RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>Paid invoices, each with ids of its own.</summary>
    public byte[][] Invoices(int count)
    {
        using var reader = new StreamReader(typeof(SignedRequests).Assembly.GetManifestResourceStream("invoice-paid.json")!);
        var template = reader.ReadToEnd().TrimEnd();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var requests = new byte[count][];
        Parallel.For(0, count, i => requests[i] = Request(Encoding.ASCII.GetBytes(template
            .Replace(SuffixSlot, $"1{_run}{i:D16}", StringComparison.Ordinal)
            .Replace(CustomerSlot, $"{i % 10_000:D14}", StringComparison.Ordinal)
            .Replace(CreatedSlot, now, StringComparison.Ordinal)
            .Replace(AmountSlot, $"{10_000 + ((long)i * 7919 % 90_000)}", StringComparison.Ordinal))));
        return requests;
    }

    /// <summary>The beginning of a history, in the order of its arrival.</summary>
    public byte[][] History(int count) =>
        [.. DemoHistory.Of(HistoryRun.Seed, Math.Max(60, count / 20), HistoryRun.Timeline).Take(count).Select(d => Request(d.Body))];

    private byte[] Request(byte[] body)
    {
        var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(time), (byte)'.', .. body];
        var head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {body.Length}\r\n"
            + $"Stripe-Signature: t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(_secret, signed))}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}

using System.Security.Cryptography;
using System.Text;
using Portal.Core.Sources;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Sources.Stripe;

[Trait("Database", "Without")]
public sealed class StripeEnvelopeTests
{
    [Fact]
    public void All_that_the_inbox_needs_is_read_from_the_top_level()
    {
        var envelope = Read("""
            {"data":{"id":"inner","type":"inner","object":{"id":"in_1","account":"acct_inner","created":5}},"id":"evt_1","object":"event",
             "account":"acct_1","api_version":"2025-03-31.basil","created":1772452800,"livemode":true,"type":"invoice.paid"}
            """);

        Assert.Equal(new Envelope("evt_1", "invoice.paid", "acct_1", "2025-03-31.basil", StripeSamples.Noon, true), envelope);
    }

    [Fact]
    public void An_escaped_name_is_the_same_name() => Assert.Equal("evt_1", Read("""{"\u0069d":"evt_1"}""").ProviderEventId);

    [Fact]
    public void Of_doubled_fields_the_last_wins()
    {
        Assert.Equal("evt_2", Read("""{"id":"evt_1","id":"evt_2"}""").ProviderEventId);
        Assert.StartsWith("sha256:", Read("""{"id":"evt_1","id":null}""").ProviderEventId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("true")]
    [InlineData("\"x\"")]
    [InlineData(" [[{\"id\":\"evt_1\"}]] ")]
    [InlineData("{\"id\":null}")]
    [InlineData("{\"id\":\"\"}")]
    [InlineData("{\"id\":\"  \"}")]
    [InlineData("{\"id\":17}")]
    [InlineData("{\"id\":{\"id\":\"evt_1\"}}")]
    [InlineData("{\"id\":[\"evt_1\"]}")]
    [InlineData("{\"id\":\"\\ud800\"}")]
    [InlineData("{\"id\":\"evt\\u0000\"}")]
    [InlineData("{\"id\":\"evt\\r\\nX: 1\"}")]
    [InlineData("{\"\\ud800\":\"evt_1\"}")]
    public void JSON_without_a_usable_id_is_named_by_its_digest(string body)
    {
        var envelope = Read(body);

        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))), envelope.ProviderEventId);
        Assert.Equal("", envelope.Type);
        Assert.Equal("", envelope.Account);
    }

    [Fact]
    public void An_id_may_have_255_characters_and_no_more()
    {
        var longest = new string('x', 255);

        Assert.Equal(longest, Read($$"""{"id":"{{longest}}"}""").ProviderEventId);
        Assert.StartsWith("sha256:", Read($$"""{"id":"{{longest}}x"}""").ProviderEventId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1")]
    [InlineData("253402300800")]
    [InlineData("9223372036854775808")]
    [InlineData("1.5")]
    [InlineData("\"1772452800\"")]
    [InlineData("\"2026-03-02T12:00:00Z\"")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void An_absurd_time_counts_as_missing(string created)
    {
        var envelope = Read($$"""{"created":{{created}},"id":"evt_1","livemode":"true","type":5,"api_version":{},"account":[1,{"a":2}]}""");

        Assert.Equal(new Envelope("evt_1", "", "", null, null, null), envelope);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("<xml/>")]
    [InlineData("a=b&c=d")]
    [InlineData("[")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"id\":\"evt_1\"")]
    [InlineData("{\"id\":\"evt_1\"}}")]
    [InlineData("{\"id\":\"evt_1\"}{}")]
    [InlineData("{\"id\":\"evt_1\"} x")]
    [InlineData("{\"id\":\"evt_1\",}")]
    [InlineData("{\"id\":\"evt_1\"/* */}")]
    [InlineData("{\"id\":\"evt_1\",\"a\":{\"b\":[1,2}}")]
    [InlineData("{\"id\":\"evt_\u0001\"}")]
    [InlineData("\uFEFF{\"id\":\"evt_1\"}")]
    [InlineData("\0")]
    public void What_is_no_JSON_is_told_in_a_sentence(string body)
    {
        Assert.False(TryRead(Encoding.UTF8.GetBytes(body), out var envelope, out var problem));
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
        Assert.StartsWith("sha256:", envelope.ProviderEventId, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_UTF_8_is_refused_even_where_nobody_looks()
    {
        var body = Encoding.UTF8.GetBytes("""{"id":"evt_1","data":{"x":"_"}}""");
        body[Array.IndexOf(body, (byte)'_', 12)] = 0xff;

        Assert.False(TryRead(body, out _, out var problem));
        Assert.Equal("The body is not valid UTF-8.", problem);
    }

    [Fact]
    public void Sixty_four_levels_are_read_and_more_refused()
    {
        Assert.True(TryRead(Encoding.UTF8.GetBytes(Nested(64)), out _, out _));
        Assert.False(TryRead(Encoding.UTF8.GetBytes(Nested(65)), out _, out _));
        Assert.False(TryRead(Encoding.UTF8.GetBytes(Nested(100_000)), out _, out _));

        static string Nested(int levels) => new string('[', levels) + new string(']', levels);
    }

    private static Envelope Read(string body)
    {
        Assert.True(TryRead(Encoding.UTF8.GetBytes(body), out var envelope, out var problem), problem);
        Assert.Equal("", problem);
        return envelope;
    }

    private static bool TryRead(byte[] body, out Envelope envelope, out string problem) =>
        StripeEnvelope.TryRead(body, SHA256.HashData(body), out envelope, out problem);
}

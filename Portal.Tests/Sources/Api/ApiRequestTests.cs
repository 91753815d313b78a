using System.Text;
using Portal.Core.Sources.Api;
using Xunit;

namespace Portal.Tests.Sources.Api;

/// <summary>What the endpoint for a product's own events refuses, and that it names the field.</summary>
[Trait("Database", "Without")]
public sealed class ApiRequestTests
{
    [Fact]
    public void A_request_in_the_promised_shape_is_taken_by_its_trigger_and_time()
    {
        Assert.True(ApiRequest.Read(Bytes(ApiSamples.Paid()), "id").TryGet(out var envelope, out _));
        Assert.Equal(("id", "invoice-paid", StripeSamples.Noon.AddMinutes(5)), (envelope.ProviderEventId, envelope.Type, envelope.OccurredAt));
    }

    [Theory]
    [InlineData("2026-05-01 09:30:00", "2026-05-01T09:30:00Z")]
    [InlineData("2026-05-01T11:30:00+02:00", "2026-05-01T09:30:00Z")]
    [InlineData("2026-05-01T09:30:00.500Z", "2026-05-01T09:30:00.5Z")]
    [InlineData("2026-05-01", "2026-05-01T00:00:00Z")]
    public void A_time_is_taken_in_UTC_unless_it_says_otherwise(string given, string meant)
    {
        Assert.True(ApiRequest.Read(Bytes(ApiSamples.With(ApiSamples.Signup(), "context.event.timestamp", $"\"{given}\"")), "id").TryGet(out var envelope, out _));
        Assert.Equal(DateTimeOffset.Parse(meant, System.Globalization.CultureInfo.InvariantCulture), envelope.OccurredAt);
    }

    [Theory]
    [InlineData("eventName", null, "eventName")]
    [InlineData("eventName", "\"SomethingElse\"", "eventName")]
    [InlineData("payload", null, "payload")]
    [InlineData("payload", "[]", "payload")]
    [InlineData("payload.ucc", null, "payload.ucc")]
    [InlineData("payload.ucc", "\"\"", "payload.ucc")]
    [InlineData("payload.newUserId", "7", "payload.newUserId")]
    [InlineData("payload.price", "\"100\"", "payload.price")]
    [InlineData("payload.currency", "1", "payload.currency")]
    [InlineData("context", null, "context")]
    [InlineData("context.event", null, "context.event")]
    [InlineData("context.event.trigger", "\"bought\"", "context.event.trigger")]
    [InlineData("context.event.timestamp", null, "context.event.timestamp")]
    [InlineData("context.event.timestamp", "\"yesterday\"", "context.event.timestamp")]
    [InlineData("context.event.timestamp", "1700000000", "context.event.timestamp")]
    [InlineData("context.newUser", "\"me\"", "context.newUser")]
    [InlineData("context.newUser.email", "1", "context.newUser.email")]
    [InlineData("context.subscription.invoiceId", "22", "context.subscription.invoiceId")]
    public void What_is_not_in_the_promised_shape_is_refused_by_the_field_s_name(string path, string? json, string field)
    {
        Assert.False(ApiRequest.Read(Bytes(ApiSamples.With(ApiSamples.Paid(), path, json)), "id").TryGet(out _, out var problem));
        Assert.Equal(("invalidField", field), (problem.Code, problem.Field));
        Assert.StartsWith(field, problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"a\":")]
    [InlineData("{\"eventName\":\"ReferralUpdated\",\"eventName\":\"ReferralUpdated\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public void What_is_no_object_is_refused(string body)
    {
        Assert.False(ApiRequest.Read(Bytes(body), "id").TryGet(out _, out var problem));
        Assert.True(problem.Code is "malformedBody" or "invalidField", problem.Code);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

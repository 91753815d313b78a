using System.Text;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Sources.Stripe;

[Trait("Database", "Without")]
public sealed class StripeSignatureTests
{
    private const string OldSecret = "whsec_old";
    private const string NewSecret = "whsec_new";

    private static readonly string Body = StripeSamples.Customer();
    private static readonly DateTimeOffset Now = StripeSamples.Noon;
    private static readonly long T = StripeSamples.Seconds(Now);
    private static readonly string Good = StripeSamples.Digest(Body, NewSecret, T);
    private static readonly string Wrong = new('0', 64);

    [Fact]
    public void A_header_of_our_own_signer_is_accepted() => AssertAccepted(Verify(StripeSamples.Sign(Body, NewSecret, Now)));

    [Theory]
    [InlineData("t={T},v1={GOOD},v1={WRONG}")]
    [InlineData("t={T},v1={WRONG},v1={GOOD}")]
    [InlineData("v1={GOOD},t={T}")]
    [InlineData("t={T},v1={GOOD},v0={WRONG}")]
    [InlineData("t={T},v0={WRONG},v1={GOOD}")]
    [InlineData("t={T},v2={WRONG},,x,v1=abc,v1={GOOD}")]
    [InlineData(" t={T} , v1={GOOD} ")]
    public void Any_v1_that_is_right_is_enough_whatever_stands_beside_it(string header) => AssertAccepted(Verify(Fill(header)));

    [Theory]
    [InlineData(null, SignatureFailure.MissingHeader)]
    [InlineData("", SignatureFailure.MissingHeader)]
    [InlineData("   ", SignatureFailure.MissingHeader)]
    [InlineData("v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t=,v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t={T}", SignatureFailure.MalformedHeader)]
    [InlineData("t={T},v1=", SignatureFailure.MalformedHeader)]
    [InlineData("t={T},v1=zz", SignatureFailure.MalformedHeader)]
    [InlineData("t={T},v0={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t={T},V1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t={T},t={T},v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t=+{T},v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t=-1,v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t= {T},v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t={T}.0,v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t=1e9,v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t=٣,v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("t=99999999999999999999,v1={GOOD}", SignatureFailure.MalformedHeader)]
    [InlineData("garbage", SignatureFailure.MalformedHeader)]
    [InlineData(",,,===,", SignatureFailure.MalformedHeader)]
    [InlineData("t={T},v1={WRONG}", SignatureFailure.NoMatch)]
    [InlineData("t={T},v1={WRONG},v0={GOOD}", SignatureFailure.NoMatch)]
    [InlineData("t=0{T},v1={GOOD}", SignatureFailure.NoMatch)]
    [InlineData("t=1,v1={GOOD}", SignatureFailure.NoMatch)]
    public void Every_other_header_is_refused_with_its_reason(string? header, SignatureFailure reason)
    {
        var verdict = Verify(header is null ? null : Fill(header));

        Assert.False(verdict.Accepted);
        Assert.Equal(reason, verdict.Failure);
        Assert.Equal(-1, verdict.SecretIndex);
        Assert.EndsWith(".", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(299)]
    [InlineData(300)]
    [InlineData(-299)]
    [InlineData(-300)]
    public void A_clock_that_is_off_by_up_to_300_seconds_is_accepted(int seconds) =>
        AssertAccepted(Verify(StripeSamples.Sign(Body, NewSecret, Now), Now.AddSeconds(seconds)));

    [Theory]
    [InlineData(301, "301 seconds ago")]
    [InlineData(-301, "301 seconds ahead")]
    [InlineData(86_400, "86400 seconds ago")]
    public void A_clock_that_is_off_by_more_is_refused_and_told_by_how_much(int seconds, string told)
    {
        var verdict = Verify(StripeSamples.Sign(Body, NewSecret, Now), Now.AddSeconds(seconds));

        Assert.False(verdict.Accepted);
        Assert.Equal(SignatureFailure.TimestampOutsideTolerance, verdict.Failure);
        Assert.Equal(1, verdict.SecretIndex);
        Assert.Contains(told, verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_secret_is_the_reason_even_when_the_time_is_off_too() =>
        Assert.Equal(SignatureFailure.NoMatch, Verify(StripeSamples.Sign(Body, "whsec_stranger", Now), Now.AddHours(1)).Failure);

    [Fact]
    public void During_a_roll_both_secrets_are_accepted_and_the_verdict_says_which_it_was()
    {
        Assert.Equal(0, Verify(StripeSamples.Sign(Body, OldSecret, Now)).SecretIndex);
        Assert.Equal(1, Verify(StripeSamples.Sign(Body, NewSecret, Now)).SecretIndex);
    }

    [Fact]
    public void Without_any_secret_nothing_is_accepted() =>
        Assert.Equal(SignatureFailure.NoMatch, StripeSignature.Verify(Bytes(Body), StripeSamples.Sign(Body, "", Now), [], Now, StripeSignature.DefaultTolerance).Failure);

    [Fact]
    public void A_body_is_refused_when_any_one_of_its_bytes_is_changed()
    {
        var header = StripeSamples.Sign(Body, NewSecret, Now);
        for (var i = 0; i < Body.Length; i++)
        {
            var changed = Bytes(Body);
            changed[i] ^= 1;
            Assert.Equal(SignatureFailure.NoMatch, Verify(header, Now, changed).Failure);
        }
    }

    [Theory]
    [InlineData("{BODY}\n")]
    [InlineData(" {BODY}")]
    [InlineData("")]
    public void A_body_is_refused_when_it_was_lengthened_or_emptied(string body) =>
        Assert.Equal(SignatureFailure.NoMatch, Verify(StripeSamples.Sign(Body, NewSecret, Now), Now, Bytes(body.Replace("{BODY}", Body, StringComparison.Ordinal))).Failure);

    [Fact]
    public void Sixteen_v1_values_are_tried_and_no_more()
    {
        var wrong = string.Concat(Enumerable.Repeat($",v1={Wrong}", 15));

        AssertAccepted(Verify($"t={T}{wrong},v1={Good}"));
        Assert.Equal(SignatureFailure.NoMatch, Verify($"t={T}{wrong},v1={Wrong},v1={Good}").Failure);
    }

    [Fact]
    public void A_header_beyond_4096_characters_is_refused_unread() =>
        Assert.Equal(SignatureFailure.MalformedHeader, Verify($"t={T},v1={Good},x={new string('x', 4096)}").Failure);

    [Fact]
    public void No_reason_repeats_a_secret_or_a_signature()
    {
        string?[] headers = [null, "garbage", $"t={T},v1={Wrong}", $"t={T},v1={Good}"];
        foreach (var header in headers)
        {
            var reason = Verify(header, Now.AddHours(1)).Reason;
            Assert.DoesNotContain("whsec_", reason, StringComparison.Ordinal);
            Assert.DoesNotContain(Good, reason, StringComparison.Ordinal);
            Assert.DoesNotContain("garbage", reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_vector_published_by_stripe_dotnet_is_judged_as_published()
    {
        const string header = "t=1533204620,v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7,"
            + "v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef";
        var body = File.ReadAllBytes(Path.Combine(Repository.Tests, "Deliveries", "stripe-dotnet", "customer.created.json"));
        var signedAt = DateTimeOffset.FromUnixTimeSeconds(1533204620);

        Assert.True(Judge(body, "webhook_secret", 100).Accepted);
        Assert.Equal(SignatureFailure.TimestampOutsideTolerance, Judge(body, "webhook_secret", 400).Failure);
        Assert.Equal(SignatureFailure.NoMatch, Judge([.. body, (byte)'\n'], "webhook_secret", 100).Failure);
        Assert.Equal(SignatureFailure.NoMatch, Judge(body, "webhook_secret2", 100).Failure);

        SignatureVerdict Judge(byte[] bytes, string secret, int later) =>
            StripeSignature.Verify(bytes, header, [Bytes(secret)], signedAt.AddSeconds(later), StripeSignature.DefaultTolerance);
    }

    private static SignatureVerdict Verify(string? header, DateTimeOffset? now = null, byte[]? body = null) => StripeSignature.Verify(
        body ?? Bytes(Body), header, [Bytes(OldSecret), Bytes(NewSecret)], now ?? Now, StripeSignature.DefaultTolerance);

    private static void AssertAccepted(SignatureVerdict verdict)
    {
        Assert.Null(verdict.Failure);
        Assert.True(verdict.Accepted);
        Assert.Equal(1, verdict.SecretIndex);
    }

    private static string Fill(string header) => header
        .Replace("{T}", $"{T}", StringComparison.Ordinal)
        .Replace("{GOOD}", Good, StringComparison.Ordinal)
        .Replace("{WRONG}", Wrong, StringComparison.Ordinal);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

using System.Text;
using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Access;

[Trait("Database", "Without")]
public sealed class TimeCodesTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void The_codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, TimeCodes.Of(Secret, TimeCodes.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds)), digits: 8));

    /// <summary>RFC 4648, section 10.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secrets_are_spelled_as_the_apps_expect(string secret, string spelled) => Assert.Equal(spelled, TimeCodes.Spell(Encoding.ASCII.GetBytes(secret)));

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_clock_may_be_half_a_minute_off(int seconds, bool taken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1111111111);

        Assert.Equal(taken, TimeCodes.Match(Secret, TimeCodes.Of(Secret, TimeCodes.StepOf(now.AddSeconds(seconds))), now, 0) is not null);
    }

    [Fact]
    public void A_code_is_taken_once()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1111111111);
        var code = TimeCodes.Of(Secret, TimeCodes.StepOf(now));

        var step = TimeCodes.Match(Secret, code, now, 0);

        Assert.NotNull(step);
        Assert.Null(TimeCodes.Match(Secret, code, now, step.Value));
    }
}

using System.Text;
using Portal.Core;
using Portal.Core.Sources;
using Xunit;

namespace Portal.Tests.Sources;

[Trait("Database", "Without")]
public sealed class ModeCheckTests
{
    [Fact]
    public void An_event_of_the_right_mode_says_what_it_says()
    {
        var reading = Read(StripeSamples.InvoicePaid());

        Assert.Same(reading, ModeCheck.Judge(PortalEnvironment.Sandbox, "stripe", false, reading));
    }

    [Theory]
    [InlineData(PortalEnvironment.Sandbox, true, "true", "false: this is the sandbox endpoint")]
    [InlineData(PortalEnvironment.Production, false, "false", "true: this is the production endpoint")]
    public void An_event_of_the_wrong_mode_tells_nothing_and_its_flag_is_an_error(PortalEnvironment environment, bool mode, string found, string expected)
    {
        var body = StripeSamples.InvoicePaid().Replace("\"livemode\":false", $"\"livemode\":{found}", StringComparison.Ordinal);

        var judged = ModeCheck.Judge(environment, "stripe", mode, Read(body));

        var check = Assert.Single(judged.Checks, c => c.Field == "livemode");
        Assert.Equal(("$.livemode", CheckLevel.Error, found, expected), (check.Path, check.Level, check.Found, check.Expected));
        Assert.Empty(judged.Facts);
        Assert.StartsWith($"livemode is {found}", judged.Unreadable, StringComparison.Ordinal);
        Assert.Contains(judged.Checks, c => c.Field == "email");   // what else was found stays
    }

    [Fact]
    public void An_event_without_a_mode_belongs_nowhere()
    {
        var body = StripeSamples.InvoicePaid().Replace("\"livemode\":false,", "", StringComparison.Ordinal);

        var judged = ModeCheck.Judge(PortalEnvironment.Sandbox, "stripe", null, Read(body));

        Assert.Null(Assert.Single(judged.Checks, c => c.Field == "livemode").Found);
        Assert.StartsWith("livemode is missing", judged.Unreadable, StringComparison.Ordinal);
    }

    private static Reading Read(string body) => SourceReader.Read("stripe", Encoding.UTF8.GetBytes(body));
}

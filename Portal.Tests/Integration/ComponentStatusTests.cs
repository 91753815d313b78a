using Portal.Core.Integration;
using Xunit;

namespace Portal.Tests.Integration;

/// <summary>How a component's signs are judged.</summary>
[Trait("Database", "Without")]
public sealed class ComponentStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Nothing_ever_is_not_connected_and_says_what_is_missing()
    {
        var status = Judge(null, null);
        Assert.Equal((ConnectionStatus.NotConnected, null), (status.Connection, status.Warning));
        Assert.Equal("No valid signup came from Stripe yet.", status.Why);
    }

    [Fact]
    public void Only_wrong_ones_are_not_connected_and_say_why()
    {
        var status = Judge(null, Now.AddMinutes(-5));
        Assert.Equal((ConnectionStatus.NotConnected, ConnectionWarning.ValidationIssues), (status.Connection, status.Warning));
        Assert.Contains("a field is missing", status.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-59, null, ConnectionStatus.Connected, null)]
    [InlineData(-60, null, ConnectionStatus.ConnectedWithWarnings, ConnectionWarning.NoRecentEvents)]       // the window ends exactly here
    [InlineData(-5, -59, ConnectionStatus.ConnectedWithWarnings, ConnectionWarning.ValidationIssues)]
    [InlineData(-5, -60, ConnectionStatus.Connected, null)]                                                   // what was wrong before the window is over
    [InlineData(-600, -10, ConnectionStatus.ConnectedWithWarnings, ConnectionWarning.ValidationIssues)]
    public void Within_the_window_something_valid_must_have_come_and_nothing_wrong(int validMinutes, int? faultMinutes, ConnectionStatus connection, ConnectionWarning? warning)
    {
        var status = Judge(Now.AddMinutes(validMinutes), faultMinutes is { } ago ? Now.AddMinutes(ago) : null);
        Assert.Equal((connection, warning), (status.Connection, status.Warning));
    }

    private static ComponentStatus Judge(DateTimeOffset? valid, DateTimeOffset? fault) => ComponentStatus.Judge(
        IntegrationComponent.Signups, "stripe", new ComponentSigns(valid, fault, "a field is missing.", ConnectionWarning.ValidationIssues), Now, Hour, []);
}

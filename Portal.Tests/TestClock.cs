namespace Portal.Tests;

/// <summary>The real clock, until a test moves it.</summary>
public sealed class TestClock : TimeProvider
{
    private TimeSpan _ahead;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

    /// <summary>Lets time pass.</summary>
    public void Pass(TimeSpan time) => _ahead += time;
}

namespace Portal.Demo;

/// <summary>The demo's section, <c>Demo</c>: off unless the portal is started with <c>--demo</c>.</summary>
public sealed class DemoOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Demo";

    /// <summary>Whether this is a demo.</summary>
    public bool Enabled { get; set; }

    /// <summary>How many customers the imaginary product has.</summary>
    public int Customers { get; set; } = 120;

    /// <summary>The same seed and the same day give the same history, to the byte.</summary>
    public int Seed { get; set; } = 2026;
}

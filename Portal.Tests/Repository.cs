namespace Portal.Tests;

/// <summary>Where the tests find files that are not copied to their output.</summary>
internal static class Repository
{
    /// <summary>The folder with <c>Portal.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The test project's folder.</summary>
    public static string Tests => Path.Combine(Root, "Portal.Tests");

    /// <summary>The folder of shared fixtures, from <c>PORTAL_SHARED</c> or beside the repository; null when there is none.</summary>
    public static string? Shared { get; } = new[]
    {
        Environment.GetEnvironmentVariable("PORTAL_SHARED") ?? "",
        Path.Combine(Root, "..", "shared"),
        Path.Combine(Root, "..", "..", "shared"),
    }.FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "fixtures")));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Portal.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("No folder above the tests holds Portal.sln");
        }

        return folder;
    }
}

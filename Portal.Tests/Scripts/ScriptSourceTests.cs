using System.IO.Compression;
using Xunit;

namespace Portal.Tests.Scripts;

/// <summary>The client scripts as they stand in the repository, which is how they are served.</summary>
[Trait("Database", "Without")]
public sealed class ScriptSourceTests
{
    private static readonly string Client = Path.Combine(Repository.Root, "Portal", "Scripts", "client");

    [Fact]
    public void The_types_that_the_scripts_comments_name_are_right()
    {
        var (status, said) = NodeTools.Run("typescript/bin/tsc", "-p", ".");
        Assert.True(status == 0, said);
    }

    [Theory]
    [InlineData("attribution/cello-attribution.js", 4_096)]
    [InlineData("attribution/cello-banner.js", 3_072)]
    public void A_script_is_small(string name, int most)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(File.ReadAllBytes(Path.Combine(Client, name)));
        Assert.InRange(zipped.Length, 1, most);
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Core.Facts;
using Portal.Core.Sources;
using Xunit;

namespace Portal.Tests.Sources;

/// <summary>Facts of removed payloads name the version of the readers that told them, so a reader that tells otherwise must have another one.</summary>
[Trait("Database", "Without")]
public sealed class ReaderVersionTests
{
    /// <summary>The version, and what it tells of the samples. Where a reader changed, raise the version; where only the samples did, put in the new digest.</summary>
    private const string Recorded = "1 f2dc91d4";

    [Fact]
    public void Readers_that_tell_other_facts_of_the_same_bytes_have_another_version()
    {
        using var told = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var telling in Enum.GetValues<Telling>())
        {
            foreach (var body in Enumerable.Range(1, 12).SelectMany(seed => new SmallWorld(seed).Events(telling)))
            {
                foreach (var fact in SourceReader.Read("stripe", Encoding.UTF8.GetBytes(body)).Facts) told.AppendData(JsonSerializer.SerializeToUtf8Bytes(fact, FactJson.Default.Fact));
            }
        }
        Assert.Equal(Recorded, $"{SourceReader.Version} {Convert.ToHexStringLower(told.GetHashAndReset())[..8]}");
    }
}

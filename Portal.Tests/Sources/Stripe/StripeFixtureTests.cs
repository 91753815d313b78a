using System.Text.Json;
using Portal.Core.Sources;
using Portal.Core.Sources.Stripe;
using Xunit;
using Xunit.Abstractions;

namespace Portal.Tests.Sources.Stripe;

/// <summary>Real payloads of nine years that nobody here wrote. They are not part of the repository: without them there is nothing to prove.</summary>
[Trait("Database", "Without")]
public sealed class StripeFixtureTests(ITestOutputHelper output)
{
    [Fact]
    public void Real_events_of_every_version_can_be_read()
    {
        if (Repository.Shared is not { } shared)
        {
            output.WriteLine("No shared fixtures here (PORTAL_SHARED, or a folder 'shared' beside the repository): nothing was read.");
            return;
        }

        var read = 0;
        var withFacts = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(shared, "fixtures", "stripe"), "*.json", SearchOption.AllDirectories).Order())
        {
            var body = File.ReadAllBytes(file);
            if (!IsEvent(body)) continue;
            var reading = StripeReader.Read(body);
            var name = Path.GetRelativePath(shared, file);
            Assert.True(StripeEnvelope.TryRead(body, new byte[32], out var envelope, out var problem), $"{name}: {problem}");
            Assert.False(envelope.Type.Length == 0, name);
            Assert.True(reading.Unreadable is null, $"{name}: {reading.Unreadable}");
            read++;
            if (reading.Facts.Count > 0) withFacts++;
            if (reading.Ignored is null && reading.Facts.Count == 0) Assert.Equal(CheckLevel.Error, reading.Status);
            var errors = reading.Checks.Where(check => check.Level == CheckLevel.Error).Select(check => $"{check.Path} {check.Label} {check.Found}");
            output.WriteLine($"{name}: {reading.Facts.Count} facts, {reading.Ignored ?? string.Join("; ", errors)}");
        }

        output.WriteLine($"{read} events, {withFacts} with facts");
        Assert.True(read > 80, $"only {read} events");
        Assert.True(withFacts > 40, $"only {withFacts} with facts");
    }

    private static bool IsEvent(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            && document.RootElement.TryGetProperty("data", out _);
    }
}

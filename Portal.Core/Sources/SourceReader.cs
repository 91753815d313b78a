using Portal.Core.Sources.Api;
using Portal.Core.Sources.Auto;
using Portal.Core.Sources.Chargebee;
using Portal.Core.Sources.Stripe;

namespace Portal.Core.Sources;

/// <summary>One reader per source: where a provider's shape ends and facts begin.</summary>
public static class SourceReader
{
    /// <summary>
    /// Raised whenever a reader begins to tell other facts of the same bytes: facts of removed payloads name the version that told them,
    /// and a rebuild says which of them today's readers did not see.
    /// </summary>
    public const int Version = 1;

    /// <summary>Reads a payload by its source.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such source: nothing could have been stored under it.</exception>
    public static Reading Read(string source, ReadOnlyMemory<byte> body) => Read(source, body, withChecks: true);

    /// <summary>The same without the checks of single fields, for who wants the facts only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such source.</exception>
    public static Reading ReadFacts(string source, ReadOnlyMemory<byte> body) => Read(source, body, withChecks: false);

    private static Reading Read(string source, ReadOnlyMemory<byte> body, bool withChecks) => source switch
    {
        "stripe" => StripeReader.Read(body, withChecks),
        ChargebeeEventTypes.Source => ChargebeeReader.Read(body, withChecks),
        ApiTriggers.Source => ApiReader.Read(body, withChecks),
        AutoSignup.Source => AutoSignup.Read(body, withChecks),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "No reader for this source"),
    };
}

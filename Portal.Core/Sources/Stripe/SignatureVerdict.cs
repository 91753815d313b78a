namespace Portal.Core.Sources.Stripe;

/// <summary>Why a signature was refused.</summary>
public enum SignatureFailure
{
    /// <summary>The request has no <c>Stripe-Signature</c> header, or a blank one.</summary>
    MissingHeader,

    /// <summary>The header has no timestamp or no <c>v1</c> signature, or is not a signature header at all.</summary>
    MalformedHeader,

    /// <summary>Signed with one of our secrets, but too long ago or too far in the future.</summary>
    TimestampOutsideTolerance,

    /// <summary>Signed with none of our secrets, or the body was changed on the way.</summary>
    NoMatch,
}

/// <summary>What came of checking one signature.</summary>
/// <param name="Failure">Why it was refused; null when it was accepted.</param>
/// <param name="SecretIndex">Which of the given secrets matched, from 0; -1 where none did. Known for a stale timestamp too.</param>
/// <param name="Reason">The verdict in one sentence for people. Holds no secret, no signature and nothing of the body.</param>
public readonly record struct SignatureVerdict(SignatureFailure? Failure, int SecretIndex, string Reason)
{
    /// <summary>Whether the request may be believed.</summary>
    public bool Accepted => Failure is null && SecretIndex >= 0;
}

namespace Portal.Core.Access;

/// <summary>The secrets that an environment's endpoint accepts just now, newest first; the same position in both lists is the same secret.</summary>
/// <param name="Ids">Our ids, to note which one matched.</param>
/// <param name="Values">UTF-8 bytes of the whole secret, <c>whsec_</c> included. Not to be changed, shown or logged.</param>
public sealed record SecretSnapshot(IReadOnlyList<long> Ids, IReadOnlyList<byte[]> Values)
{
    /// <summary>No secret: the endpoint does not exist.</summary>
    public static readonly SecretSnapshot None = new([], []);

    /// <summary>A record would print its values; this one does not.</summary>
    public override string ToString() => $"{Ids.Count} secrets";
}

/// <summary>How a signing secret stands.</summary>
public enum SecretState
{
    /// <summary>Accepted.</summary>
    Active,

    /// <summary>Accepted until its overlap with the one that replaces it ends.</summary>
    Expiring,

    /// <summary>Its overlap has ended.</summary>
    Expired,

    /// <summary>Somebody revoked it.</summary>
    Revoked,

    /// <summary>It cannot be decrypted: the key ring that encrypted it is gone. Add it anew.</summary>
    Unreadable,
}

/// <summary>A signing secret as a page shows it.</summary>
public sealed record SigningSecretRow(
    long Id, string LastFour, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, SecretState State)
{
    /// <summary>Whether it is accepted now.</summary>
    public bool IsLiving => State is SecretState.Active or SecretState.Expiring;
}

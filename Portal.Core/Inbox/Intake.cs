using Portal.Core.Sources;

namespace Portal.Core.Inbox;

/// <summary>A verified request on its way into the inbox.</summary>
public sealed class IncomingDelivery
{
    /// <summary>The endpoint's environment.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary><c>stripe</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Our clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The peer's address.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The signature header.</summary>
    public string? Signature { get; init; }

    /// <summary>The raw bytes.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Their digest.</summary>
    public required byte[] BodySha256 { get; init; }

    /// <summary>What its top level says.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>The signing secret that it matched.</summary>
    public long? SecretId { get; init; }
}

/// <summary>A refused request, for the quarantine.</summary>
public sealed class RefusedDelivery
{
    /// <summary>The endpoint's environment.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary><c>stripe</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Our clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The peer's address.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The signature header.</summary>
    public string? Signature { get; init; }

    /// <summary>The raw bytes, or their beginning.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Bytes received, or announced where the body was too large to read.</summary>
    public required long BodyLength { get; init; }

    /// <summary>A stable word for the reason.</summary>
    public required string ReasonCode { get; init; }

    /// <summary>The reason in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The same with no more of the body than the quarantine keeps.</summary>
    public RefusedDelivery Cut() => Body.Length <= Quarantine.MostBytes ? this : new RefusedDelivery
    {
        Environment = Environment,
        Source = Source,
        ReceivedAt = ReceivedAt,
        RemoteAddress = RemoteAddress,
        Signature = Signature,
        Body = Body[..Quarantine.MostBytes],
        BodyLength = BodyLength,
        ReasonCode = ReasonCode,
        Reason = Reason,
    };
}

/// <summary>What became of a verified delivery.</summary>
/// <param name="Outcome">New or seen before.</param>
/// <param name="EventId">The event.</param>
public readonly record struct Receipt(DeliveryOutcome Outcome, long EventId);

/// <summary>The inbox has more work than it can make durable in time: the sender should come again.</summary>
public sealed class InboxOverloadedException() : Exception("The inbox is full; try again in a few seconds.");

/// <summary>
/// Where deliveries become durable. Requests that arrive together share one commit; a receipt is given only after that
/// commit reached the disk. Uniqueness is settled by the database's index, never by looking first.
/// </summary>
public interface IIntake
{
    /// <summary>Stores a verified delivery. Completes after the commit.</summary>
    /// <exception cref="InboxOverloadedException">Too many deliveries wait already; nothing was stored.</exception>
    Task<Receipt> AcceptAsync(IncomingDelivery delivery);

    /// <summary>Keeps and counts a refused delivery, unless too many wait already. Returns at once.</summary>
    void Refuse(RefusedDelivery delivery);

    /// <summary>Deliveries accepted since the start of the process: by its pace the drain knows when to stand back.</summary>
    long AcceptedSoFar { get; }

    /// <summary>Called after each commit that stored new events.</summary>
    event Action? Arrived;
}

/// <summary>The limits of the quarantine, per environment and source.</summary>
public static class Quarantine
{
    /// <summary>Rejected deliveries kept.</summary>
    public const int MostDeliveries = 1_000;

    /// <summary>Bytes of a rejected body kept; real events are far smaller.</summary>
    public const int MostBytes = 64 * 1024;
}

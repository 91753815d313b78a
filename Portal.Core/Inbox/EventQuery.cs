using Portal.Core.Data;
using Portal.Core.Sources;

namespace Portal.Core.Inbox;

/// <summary>The two halves of the feed.</summary>
public enum EventSelection
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>Who came and by whom: the events about customers themselves.</summary>
    Attributions,

    /// <summary>What happened afterwards: payments, refunds, subscriptions, all that is not an attribution.</summary>
    Events,
}

/// <summary>What to look for in the inbox. A filter that is null is not applied.</summary>
public sealed record EventQuery
{
    /// <summary>Whose.</summary>
    public required PortalEnvironment Environment { get; init; }

    /// <summary>Which half of the feed.</summary>
    public EventSelection Selection { get; init; }

    /// <summary><c>stripe</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The provider's event type, exactly.</summary>
    public string? Type { get; init; }

    /// <summary>The worst of its field checks.</summary>
    public CheckLevel? Status { get; init; }

    /// <summary>Where it stands.</summary>
    public EventState? State { get; init; }

    /// <summary>
    /// Words, all of which must match: an event's id (ours or the provider's), a customer, an invoice, a charge or a payment intent
    /// by its whole id, the product's id of the new user, or the beginning of an e-mail address.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Received at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Received before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>An id from where to go on.</summary>
    public long? Cursor { get; init; }

    /// <summary>Which way to go on.</summary>
    public PageDirection Direction { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Whether anything but the environment restricts it.</summary>
    public bool IsFiltered => Source is not null || Type is not null || Status is not null || State is not null
        || !string.IsNullOrWhiteSpace(Text) || From is not null || To is not null || Selection != EventSelection.All;
}

/// <summary>One line of the feed.</summary>
/// <param name="Id">Our id.</param>
/// <param name="ProviderEventId">The provider's id.</param>
/// <param name="Source"><c>stripe</c>.</param>
/// <param name="Type">The provider's event type.</param>
/// <param name="Status">The worst of its checks; null until it was read.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Note">Why it failed, is ignored or waits.</param>
/// <param name="Email">The customer's e-mail address.</param>
/// <param name="CustomerId">The provider's customer.</param>
/// <param name="OccurredAt">By the provider's clock.</param>
/// <param name="ReceivedAt">By ours.</param>
public sealed record EventRow(
    long Id, string ProviderEventId, string Source, string Type, CheckLevel? Status, EventState State, string? Note,
    string? Email, string? CustomerId, DateTimeOffset OccurredAt, DateTimeOffset ReceivedAt);

using Portal.Core.Access;
using Portal.Core.Inbox;

namespace Portal.Pages.Webhooks;

/// <summary>What the Webhooks page shows.</summary>
/// <param name="Secrets">Stripe's, newest first.</param>
/// <param name="Credentials">Chargebee's, newest first.</param>
/// <param name="Rejected">The last refused requests.</param>
public sealed record WebhooksView(IReadOnlyList<SigningSecretRow> Secrets, IReadOnlyList<SigningSecretRow> Credentials, IReadOnlyList<DeliveryRow> Rejected)
{
    /// <summary>Whether signed events are accepted at all.</summary>
    public bool IsReceiving => Secrets.Any(s => s.IsLiving);
}

namespace Portal.Outgoing;

/// <summary>A call to somewhere else did not come about. The message says why in a sentence that may be shown.</summary>
/// <param name="message">The sentence.</param>
/// <param name="isRefused">Whether the portal itself refused: trying again will not help.</param>
/// <param name="inner">What happened.</param>
public sealed class OutgoingException(string message, bool isRefused, Exception? inner = null) : HttpRequestException(message, inner)
{
    /// <summary>Whether the portal itself refused to call there.</summary>
    public bool IsRefused { get; } = isRefused;
}

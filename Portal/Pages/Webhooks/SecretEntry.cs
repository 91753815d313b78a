namespace Portal.Pages.Webhooks;

/// <summary>What a person typed into the secret's dialog.</summary>
/// <param name="Secret">The secret; on its way to be encrypted.</param>
/// <param name="Overlap">How long those that are there are still accepted.</param>
public sealed record SecretEntry(string? Secret, TimeSpan Overlap)
{
    /// <summary>Never the secret itself.</summary>
    public override string ToString() => nameof(SecretEntry);
}

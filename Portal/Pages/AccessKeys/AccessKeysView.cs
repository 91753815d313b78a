using Portal.Core.Access;
using Portal.Core.Products;

namespace Portal.Pages.AccessKeys;

/// <summary>What the Access keys page shows.</summary>
/// <param name="Product">The product and its id.</param>
/// <param name="Secrets">Its secrets, newest first.</param>
/// <param name="Keys">The key pairs of the REST API, newest first.</param>
public sealed record AccessKeysView(ProductProfile Product, IReadOnlyList<SigningSecretRow> Secrets, IReadOnlyList<AccessKeyRow> Keys)
{
    /// <summary>Whether tokens of the product's users are accepted at all.</summary>
    public bool HasSecret => Secrets.Any(s => s.IsLiving);
}

using System.Text;

namespace Portal.Core.Visits;

/// <summary>Where a link sends a visitor: the configured page, whatever its URL already says, with what the attribution script reads.</summary>
public static class LinkAddress
{
    /// <summary>The query parameter that carries the referral code.</summary>
    public const string Code = "ucc";

    /// <summary>The one that carries the product's id.</summary>
    public const string Product = "productId";

    /// <summary>The one that carries the referrer's first name, as Base64 of UTF-8.</summary>
    public const string Name = "celloN";

    /// <summary>A page as a header can carry it: an international name in its ASCII form, everything else escaped.</summary>
    public static string Of(string page)
    {
        var uri = new Uri(page);
        return new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
    }

    /// <summary>The page with code, product and name; parameters of these names that it had give way, all others and the fragment stay.</summary>
    public static string Of(string page, string code, string productId, string? firstName)
    {
        var address = new UriBuilder(Of(page));
        var parameters = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(p => p.Split('=')[0] is not (Code or Product or Name))
            .Append($"{Code}={code}")
            .Append($"{Product}={Uri.EscapeDataString(productId)}");
        if (!string.IsNullOrWhiteSpace(firstName)) parameters = parameters.Append($"{Name}={Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(firstName.Trim())))}");
        address.Query = string.Join('&', parameters);
        return address.Uri.AbsoluteUri;
    }
}

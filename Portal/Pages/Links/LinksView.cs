using Portal.Core.Products;
using Portal.Core.Visits;

namespace Portal.Pages.Links;

/// <summary>What the page of links and attribution shows.</summary>
/// <param name="Product">The product with its settings.</param>
/// <param name="Days">How often links were opened on each of the last days.</param>
/// <param name="MostViewed">Those that were opened most.</param>
public sealed record LinksView(ProductProfile Product, IReadOnlyList<ViewsOfDay> Days, IReadOnlyList<LinkRow> MostViewed)
{
    /// <summary>All views.</summary>
    public long Views => Days.Sum(d => d.Views);

    /// <summary>What people call a consent mode.</summary>
    public static string NameOf(string consent) => consent switch
    {
        "oneTrust" => "OneTrust asks",
        "cookiebot" => "Cookiebot asks",
        "custom" => "The product's pages ask",
        _ => "Nobody is asked: cookies at once",
    };
}

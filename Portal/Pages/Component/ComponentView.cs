using Portal.Core.Component;
using Portal.Core.Products;

namespace Portal.Pages.Component;

/// <summary>What the page of the component shows.</summary>
/// <param name="Product">With its settings.</param>
/// <param name="Offer">What the campaign promises now, for the preview.</param>
public sealed record ComponentView(ProductProfile Product, CampaignOffer Offer);

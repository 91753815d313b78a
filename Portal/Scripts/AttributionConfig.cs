using Portal.Core.Data;
using Portal.Core.Products;
using Portal.Core.Visits;
using Portal.Hosting;

namespace Portal.Scripts;

/// <summary>
/// <c>/attribution/{productId}/config</c>: what the attribution script needs to know, for anybody. It says whether a code is good and what its
/// campaign promises newcomers, and nothing of whose it is.
/// </summary>
internal static class AttributionConfig
{
    public static async Task<IResult> AnswerAsync(HttpContext context, string productId, string? ucc, ProductRegister products, LinkBook book, LinkOffers offers, ScriptPulse pulse, PortalStore store)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";   // a landing page of any origin asks
        if (await products.FindAsync(productId, context.RequestAborted) is not { } product)
            return ApiProblem.Of(StatusCodes.Status404NotFound, "unknownProduct", $"There is no product {productId}.", "productId");
        var known = await book.FindAsync(product.Environment, ucc, context.RequestAborted);
        var offer = known is null ? null : await offers.OfAsync(product.Environment, known.CampaignId, context.RequestAborted);
        await NoteAsync(product, pulse, store);
        context.Response.Headers.CacheControl = "private, max-age=60";
        var settings = product.Settings;
        return TypedResults.Ok(new ConfigItem(settings.CookieDays, settings.Consent,
            settings.Banner ? new BannerItem(settings.Name.Length > 0 ? settings.Name : null, settings.BannerLink, settings.BannerLabel) : null,
            known is not null,
            offer is null ? null : new CampaignItem(offer.Discount?.Percent.Fraction, offer.Discount?.Months, offer.Currency.Code)));
    }

    /// <summary>That it cannot be noted keeps no visitor from what they came for.</summary>
    private static async Task NoteAsync(ProductProfile product, ScriptPulse pulse, PortalStore store)
    {
        try
        {
            await pulse.NoteAsync(product.Environment, ScriptNames.Attribution, null, CancellationToken.None);
        }
        catch (Exception exception) when (store.IsUnavailable(exception))
        {
            // the next call is noted
        }
    }

    private sealed record ConfigItem(int CookieDays, string Consent, BannerItem? Banner, bool Valid, CampaignItem? Campaign);

    private sealed record BannerItem(string? Product, string? Link, string? Label);

    private sealed record CampaignItem(decimal? NewUserDiscountPercentage, int? NewUserDiscountMonth, string PrimaryCurrency);
}

using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Products;
using Portal.Hosting;

namespace Portal.Component;

/// <summary>Somebody whose token was right.</summary>
/// <param name="Product">Whose user.</param>
/// <param name="Token">What it says.</param>
internal sealed record ComponentCaller(ProductProfile Product, BootToken Token)
{
    public PortalEnvironment Environment => Product.Environment;

    public string UserId => Token.ProductUserId;
}

/// <summary>Why a call is not let in.</summary>
/// <param name="Status">Of the answer.</param>
/// <param name="Problem">In words.</param>
/// <param name="Environment">Whose product it was for; null where there is none of that id.</param>
internal sealed record ComponentRefusal(int Status, Problem Problem, PortalEnvironment? Environment)
{
    public IResult Answer() => ApiProblem.Of(Status, Problem.Code, Problem.Detail, Problem.Field);
}

/// <summary>
/// Who calls from a product's page: the product by its id, the page by its origin, the user by a token of the product's server. No cookie
/// of ours plays a part, so no page can borrow somebody's session.
/// </summary>
internal sealed class ComponentGate(ProductRegister products, ProductSecrets secrets, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    /// <summary>The caller, or why it is none.</summary>
    public async Task<(ComponentCaller? Caller, ComponentRefusal? Refusal)> AdmitAsync(HttpContext context, string productId)
    {
        if (await products.FindAsync(productId, context.RequestAborted) is not { } product)
            return (null, new ComponentRefusal(404, new Problem("unknownProduct", "There is no product of this id here.", "productId"), null));
        var origins = product.Settings.Origins;
        if (origins.Count > 0 && context.Request.Headers.Origin is [{ } origin] && !origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return (null, new ComponentRefusal(403, new Problem("originNotAllowed", $"Pages of {PlainOrigin(origin)} may not show the referral component: add the origin in the portal, on the page Referral component."), product.Environment));
        if (!Read(context.Request.Headers.Authorization.ToString(), product).TryGet(out var token, out var problem))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return (null, new ComponentRefusal(401, problem, product.Environment));
        }
        return (new ComponentCaller(product, token), null);
    }

    private Outcome<BootToken> Read(string authorization, ProductProfile product)
    {
        var text = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null;
        var (now, hours) = (clock.GetUtcNow(), product.Settings.TokenHours);
        return secrets.Verify(product.Environment, now, active => BootToken.Read(text, product.ProductId, hours, active, now),
            outcome => outcome.TryGet(out _, out var problem) || problem.Code != BootToken.WrongSignature).Verdict;
    }

    private static string PlainOrigin(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : "this origin";
}

using Microsoft.Extensions.Options;
using Portal.Core.Component;
using Portal.Core.Products;
using Portal.Hosting;

namespace Portal.Component;

/// <summary>What the component learns at its start: the user's link, what the campaign promises, and how it is to look.</summary>
internal sealed record BootAnswer(
    string Ucc, string Link, CampaignOffer Campaign, string ProductName, string Language, LookItem Look, IReadOnlyList<string> PayoutMethods, string? News, DateTimeOffset? TokenExpiresAt)
{
    public static async Task<IResult> AnswerAsync(
        string productId, HttpContext context, ComponentGate gate, ComponentDesk desk, ScriptPulse pulse, IOptions<PortalOptions> options, CancellationToken ct)
    {
        var (caller, refusal) = await gate.AdmitAsync(context, productId);
        Booted? booted = null;
        BootRequest? request = null;
        if (caller is not null)
        {
            if ((await ComponentEndpoints.BodyAsync<BootRequest>(context.Request, ct)).TryGet(out request, out var problem))
                (await desk.BootAsync(caller.Product, caller.UserId, request, ct)).TryGet(out booted, out problem);
            if (problem is not null) refusal = new ComponentRefusal(problem.Code == "countryNotSupported" ? 403 : 400, problem, caller.Environment);
        }
        if (refusal is not null)
        {
            if (refusal.Environment is { } environment) await pulse.NoteAsync(environment, ScriptNames.Component, refusal.Problem.Code, ct);
            return refusal.Answer();
        }
        await pulse.NoteAsync(caller!.Environment, ScriptNames.Component, null, ct);
        var settings = caller.Product.Settings;
        var look = settings.Component;
        return TypedResults.Ok(new BootAnswer(booted!.Code, PortalUrls.Invite(options.Value.PublicUrl!, booted.Code), booted.Offer, settings.Name, LanguageOf(request!.Language, look),
            new LookItem(look.Launcher, look.Position, look.Color, look.DarkColor, look.LauncherSelector), Portal.Core.Referrers.PayoutMethods.All, booted.News, caller.Token.ExpiresAt));
    }

    /// <summary>What the page asks for, where there are texts in it: <c>de-AT</c> is German.</summary>
    private static string LanguageOf(string? asked, ComponentLook look) =>
        asked?.Trim().Split('-', '_')[0].ToLowerInvariant() is { } language && ComponentLook.Languages.Contains(language) ? language : look.Language;
}

/// <summary>How it is to look.</summary>
internal sealed record LookItem(bool Launcher, string Position, string Color, string DarkColor, string? LauncherSelector);

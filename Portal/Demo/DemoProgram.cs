using System.Security.Cryptography;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Campaigns;
using Portal.Core.Referrers;

namespace Portal.Demo;

/// <summary>
/// The demo's referral program, made by the same services that the API calls: eight referrers, 20 % for twelve months, and a
/// signing secret for the endpoint. Whatever is there already stays.
/// </summary>
internal sealed class DemoProgram(ReferrerRegister referrers, CampaignEditor campaigns, SigningSecrets secrets, TimeProvider clock)
{
    private const PortalEnvironment World = PortalEnvironment.Sandbox;

    private static readonly Actor Demo = new("demo", null);

    /// <summary>Those who refer. Codes of the usual eleven letters and digits, fixed so that the history can name them.</summary>
    public static readonly IReadOnlyList<NewReferrer> Referrers =
    [
        Referrer("1001", "Mara", "Lindqvist", "mAra7Lq2xYb"),
        Referrer("1002", "Jonas", "Okafor", "jOnas4Kf8Wd"),
        Referrer("1003", "Priya", "Raman", "pRiya9Rm3Zt"),
        Referrer("1004", "Tomas", "Varela", "tOmas2Vr6Nc"),
        Referrer("1005", "Hana", "Sato", "hAna5Sto1Qk"),
        Referrer("1006", "Elif", "Demir", "eLif8Dmr4Gs"),
        Referrer("1007", "Noah", "Whitfield", "nOah3Wht7Lp"),
        Referrer("1008", "Ines", "Moreau", "iNes6Mre9Hv"),
    ];

    /// <summary>Puts in place what the history needs.</summary>
    public async Task SetUpAsync(DemoTimeline timeline, CancellationToken ct)
    {
        foreach (var referrer in Referrers) Demand(await referrers.AddAsync(World, referrer, Demo, ct));
        var standard = (await campaigns.ListAsync(World, ct)).Single(c => c.Id == Campaign.Default);
        if (standard.Revisions.Count == 0) Demand(await campaigns.AddRevisionAsync(World, Campaign.Default, Rules(timeline), Demo, ct));
        if (secrets.ActiveFor(World, clock.GetUtcNow()).Values.Count == 0)
            Demand(await secrets.AddAsync(World, "whsec_" + RandomNumberGenerator.GetHexString(40, lowercase: true), Demo, ct));
    }

    /// <summary>The rules: 20 % of every payment for twelve months.</summary>
    public static RevisionDocument Rules(DemoTimeline timeline) => new()
    {
        EffectiveFrom = timeline.ProgramBegins,
        Currency = "USD",
        Base = "netOfTax",
        Rules = [new RuleDocument { Kind = "purchase", Percent = "20", MaxMonths = 12 }],
        HoldDays = 30,
        LateAttributionDays = 30,
    };

    private static NewReferrer Referrer(string number, string first, string last, string ucc) =>
        new($"user-{number}", DemoNames.Email(first, last), first, last, ucc);

    private static void Demand<T>(Outcome<T> outcome) where T : notnull
    {
        if (!outcome.TryGet(out _, out var problem)) throw new InvalidOperationException(problem.Detail);
    }
}

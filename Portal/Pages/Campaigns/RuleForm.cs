using Portal.Core.Campaigns;

namespace Portal.Pages.Campaigns;

/// <summary>A rule as a person fills it in.</summary>
public sealed class RuleForm
{
    public string Kind { get; set; } = "purchase";

    /// <summary>How much a purchase gives: <c>percent</c>, <c>referral</c> or <c>month</c> for steps, <c>flat</c>. All else gives a fixed amount.</summary>
    public string How { get; set; } = "percent";

    public string Percent { get; set; } = "";

    public List<StepForm> Steps { get; } = [];

    public MoneyForm Flat { get; } = new();

    public string MaxMonths { get; set; } = "";

    public string MaxPayments { get; set; } = "";

    public string Products { get; set; } = "";

    public string Prices { get; set; } = "";

    public bool IsFlat => Kind != "purchase" || How == "flat";

    public bool IsStepped => Kind == "purchase" && How is "referral" or "month" && !IsFlat;

    public bool IsOfPayments => Kind == "purchase";

    public bool MayBeFiltered => Kind is "purchase" or "firstPurchase";

    public static RuleForm Of(RuleDocument d)
    {
        var form = new RuleForm
        {
            Kind = d.Kind ?? "purchase",
            How = d.Flat is not null ? "flat" : d.PercentTiers?.By ?? "percent",
            Percent = d.Percent ?? "",
            MaxMonths = DraftForm.Text(d.MaxMonths),
            MaxPayments = DraftForm.Text(d.MaxPaymentsPerReferral),
            Products = string.Join(", ", d.ProductIds ?? []),
            Prices = string.Join(", ", d.PriceIds ?? []),
        };
        form.Flat.Show(d.Flat?.Amount, d.Flat?.Currency ?? "USD");
        form.Steps.AddRange((d.PercentTiers?.Steps ?? []).OfType<StepDocument>().Select(s => new StepForm { From = DraftForm.Text(s.From), Percent = s.Percent ?? "" }));
        return form;
    }

    public RuleDocument Read(string at) => new()
    {
        Kind = Kind,
        Percent = IsFlat || IsStepped ? null : Percent.Trim(),
        PercentTiers = IsStepped
            ? new TiersDocument { By = How, Steps = [.. Steps.Select((s, i) => new StepDocument { From = DraftForm.Whole(s.From, $"{at}.percentTiers.steps[{i}].from"), Percent = s.Percent.Trim() })] }
            : null,
        Flat = IsFlat ? Flat.Read($"{at}.flat") ?? throw new UnreadableException($"{at}.flat.amount", "is required: what the rule gives") : null,
        MaxMonths = IsOfPayments ? DraftForm.Whole(MaxMonths, $"{at}.maxMonths") : null,
        MaxPaymentsPerReferral = IsOfPayments ? DraftForm.Whole(MaxPayments, $"{at}.maxPaymentsPerReferral") : null,
        ProductIds = MayBeFiltered ? Ids(Products) : null,
        PriceIds = MayBeFiltered ? Ids(Prices) : null,
    };

    private static List<string>? Ids(string text) => text.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } ids ? [.. ids] : null;
}

/// <summary>A step of a rule's percentage as a person fills it in.</summary>
public sealed class StepForm
{
    public string From { get; set; } = "";

    public string Percent { get; set; } = "";
}

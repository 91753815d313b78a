using System.Globalization;
using Portal.Core;
using Portal.Core.Campaigns;

namespace Portal.Pages.Campaigns;

/// <summary>A revision as a person fills it in: everything is text until it is read, and what cannot be read is named by its field.</summary>
public sealed class DraftForm
{
    public DateTimeOffset? EffectiveFrom { get; set; }

    public string Currency { get; set; } = "USD";

    public string Base { get; set; } = "netOfTax";

    public List<RuleForm> Rules { get; } = [];

    public MoneyForm CapPerReferral { get; } = new();

    public MoneyForm CapPerReferrer { get; } = new();

    public string CapPeriod { get; set; } = "month";

    public MoneyForm MinimumInvoice { get; } = new();

    public string HoldDays { get; set; } = "30";

    public string LateAttributionDays { get; set; } = "30";

    public bool SpreadAnnualOverMonths { get; set; }

    public bool RewardOrganizations { get; set; }

    public string NewUserPercent { get; set; } = "";

    public string NewUserMonths { get; set; } = "";

    public string NewUserCoupon { get; set; } = "";

    public static DraftForm Of(RevisionDocument d)
    {
        var form = new DraftForm
        {
            EffectiveFrom = d.EffectiveFrom,
            Currency = d.Currency ?? "USD",
            Base = d.Base ?? "netOfTax",
            CapPeriod = d.CapPerReferrer?.Period ?? "month",
            HoldDays = Text(d.HoldDays ?? 30),
            LateAttributionDays = Text(d.LateAttributionDays ?? 30),
            SpreadAnnualOverMonths = d.SpreadAnnualOverMonths ?? false,
            RewardOrganizations = d.RewardOrganizations ?? false,
            NewUserPercent = d.NewUserReward?.Percentage?.ToString(CultureInfo.InvariantCulture) ?? "",
            NewUserMonths = Text(d.NewUserReward?.IntervalCount),
            NewUserCoupon = d.NewUserReward?.CouponId ?? "",
        };
        form.Rules.AddRange((d.Rules ?? []).OfType<RuleDocument>().Select(RuleForm.Of));
        form.CapPerReferral.Show(d.CapPerReferral?.Amount, d.CapPerReferral?.Currency ?? form.Currency);
        form.CapPerReferrer.Show(d.CapPerReferrer?.Amount, d.CapPerReferrer?.Currency ?? form.Currency);
        form.MinimumInvoice.Show(d.MinimumInvoice?.Amount, d.MinimumInvoice?.Currency ?? form.Currency);
        return form;
    }

    /// <summary>The revision, or the first field that cannot be taken.</summary>
    public Outcome<RevisionDocument> Read()
    {
        try
        {
            var document = new RevisionDocument
            {
                EffectiveFrom = EffectiveFrom,
                Currency = Currency.Trim().ToUpperInvariant(),
                Base = Base,
                Rules = [.. Rules.Select((r, i) => r.Read($"rules[{i}]"))],
                CapPerReferral = CapPerReferral.Read("capPerReferral"),
                CapPerReferrer = CapPerReferrer.Read("capPerReferrer") is { } cap ? new PeriodCapDocument { Amount = cap.Amount, Currency = cap.Currency, Period = CapPeriod } : null,
                MinimumInvoice = MinimumInvoice.Read("minimumInvoice"),
                HoldDays = Whole(HoldDays, "holdDays"),
                LateAttributionDays = Whole(LateAttributionDays, "lateAttributionDays"),
                SpreadAnnualOverMonths = SpreadAnnualOverMonths ? true : null,
                RewardOrganizations = RewardOrganizations ? true : null,
                NewUserReward = NewUserPercent.Trim().Length + NewUserMonths.Trim().Length + NewUserCoupon.Trim().Length == 0 ? null : new NewUserRewardDocument
                {
                    Percentage = decimal.TryParse(NewUserPercent, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) ? percent : null,
                    IntervalCount = Whole(NewUserMonths, "newUserReward.intervalCount"),
                    CouponId = NewUserCoupon.Trim() is { Length: > 0 } coupon ? coupon : null,
                },
            };
            return document.Read().TryGet(out _, out var problem) ? document : problem;
        }
        catch (UnreadableException unreadable)
        {
            return unreadable.Problem;
        }
    }

    internal static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    internal static int? Whole(string text, string field) =>
        text.Trim() is not { Length: > 0 } digits ? null
        : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UnreadableException(field, "must be a whole number");
}

/// <summary>An amount as a person writes it: <c>50.00</c> and <c>USD</c>; nothing where there is none.</summary>
public sealed class MoneyForm
{
    public string Amount { get; set; } = "";

    public string Currency { get; set; } = "USD";

    public void Show(long? minor, string currency) =>
        (Amount, Currency) = (minor is { } m && Portal.Core.Currency.TryParse(currency, out var known) ? new Money(m, known).Amount(CultureInfo.InvariantCulture, grouped: false) : "", currency);

    public MoneyDocument? Read(string field)
    {
        if (Amount.Trim() is not { Length: > 0 } text) return null;
        if (!Portal.Core.Currency.TryParse(Currency.Trim(), out var currency)) throw new UnreadableException($"{field}.currency", "must be an ISO 4217 code of three letters, such as USD");
        var (whole, part) = text.Split('.') is [var w, var p] ? (w, p) : (text, "");
        var digits = whole + part.PadRight(currency.Exponent, '0');
        if (whole.Length == 0 || part.Length > currency.Exponent || text.EndsWith('.') || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var minor) || minor is 0 or > Money.Largest)
            throw new UnreadableException($"{field}.amount", $"must be an amount of {currency} above zero, such as {new Money(5_000, currency).Amount(CultureInfo.InvariantCulture, grouped: false)}");
        return new MoneyDocument { Amount = minor, Currency = currency.Code };
    }
}

/// <summary>A field of the form that cannot be read.</summary>
internal sealed class UnreadableException(string field, string wanted) : Exception
{
    public Problem Problem { get; } = new("invalidField", $"{field} {wanted}.", field);
}

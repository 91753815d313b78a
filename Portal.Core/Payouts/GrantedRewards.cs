using Portal.Core.Data;
using Portal.Core.Products;
using Portal.Core.Rewards;

namespace Portal.Core.Payouts;

/// <summary>
/// What must not be paid out: what the product has granted itself, and what is test data of before the launch. A granted reward may give way to
/// another for the same cause – the provider tells an invoice that the product told first, or a revision is bound anew – and is void then; what
/// stands in its place is granted all the same.
/// </summary>
internal sealed class GrantedRewards
{
    private readonly HashSet<(long Referral, long Referrer, string? Invoice, string Slot)> _void;

    private GrantedRewards(IEnumerable<(long, long, string?, string)> replaced) => _void = [.. replaced];

    /// <summary>Reads the void ones of an environment, which are few.</summary>
    public static GrantedRewards Of(PortalDb db, PortalEnvironment environment)
    {
        var (reports, rewards) = (db.RewardReports, db.Rewards);
        var found = from report in reports
                    join reward in rewards on report.RewardId equals reward.Id
                    where report.Environment == environment && report.Status == ReportedStatus.Processed && reward.Earned == reward.Reversed
                    select new { reward.ReferralId, reward.ReferrerId, reward.InvoiceId, reward.Component };
        return new(found.ToList().Select(r => (r.ReferralId, r.ReferrerId, (string?)r.InvoiceId, Slot(r.Component))));
    }

    /// <summary>What people set of the environment's product.</summary>
    public static ProductSettings SettingsOf(PortalDb db, PortalEnvironment environment) =>
        db.Products.Where(p => p.Environment == environment).Select(p => p.Settings).FirstOrDefault() is { } stored ? ProductSettings.FromJson(stored) : new ProductSettings();

    /// <summary>Whether a reward stands in the place of one that was granted.</summary>
    public bool Replaces(long referral, long referrer, string? invoice, string component) => _void.Contains((referral, referrer, invoice, Slot(component)));

    /// <summary>A component without the rule's place in its revision: the kind, and which monthly part.</summary>
    private static string Slot(string component) =>
        string.Concat(component.AsSpan(0, component.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? colon : component.Length),
            component.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? component.AsSpan(slash) : "");
}

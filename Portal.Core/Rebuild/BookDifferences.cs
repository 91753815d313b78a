using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Ledger;
using Portal.Core.Pipeline;
using Portal.Core.Referrals;

namespace Portal.Core.Rebuild;

/// <summary>What saving a folded book would change, as differences.</summary>
internal sealed class BookDifferences(ReferralBook book)
{
    private readonly Dictionary<long, Referral> _referrals = book.Referrals.Values.Where(r => r.Id != 0).ToDictionary(r => r.Id);

    /// <summary>Rewards and payments that differ in nothing but the words of their explanation.</summary>
    public int Reworded { get; private set; }

    /// <summary>All of them; what stands is read from where the book was loaded.</summary>
    public async Task<List<RebuildDifference>> FindAsync(PortalDb db, CancellationToken ct)
    {
        var found = new List<RebuildDifference>();
        var (referrals, customers) = (book.Changed.OfType<Referral>().ToList(), book.Changed.OfType<Customer>().ToList());
        var (referralIds, customerIds) = (referrals.ConvertAll(r => r.Id), customers.ConvertAll(c => c.Id));
        var referralsBefore = referralIds.Count == 0 ? [] : await db.Referrals.Where(r => referralIds.Contains(r.Id)).ToDictionaryAsync(r => r.Id, ct);
        var customersBefore = customerIds.Count == 0 ? [] : await db.Customers.Where(c => customerIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        foreach (var r in referrals) found.Add(Of(r, Words(referralsBefore[r.Id])));
        foreach (var r in book.Added.OfType<Referral>()) found.Add(Of(r, "not stored"));
        foreach (var c in customers) found.Add(Of(c, Words(customersBefore[c.Id])));
        foreach (var c in book.Added.OfType<Customer>()) found.Add(Of(c, "not stored"));
        foreach (var line in book.Rewards.Values) Compare(line, found);
        foreach (var line in book.Transactions.Values) Compare(line, found);
        foreach (var line in book.Cases.Values) Compare(line, found);
        return found;
    }

    /// <summary>Names a customer without an identity.</summary>
    public static string UnitOf(string scope, string customerId) => $"customer:{scope}/{customerId}";

    private static RebuildDifference Of(Referral r, string before) =>
        Split(new RebuildDifference(DifferenceKind.Referral, r.Identity.Key, $"referral {r.Identity}", before, Words(r)) { ReferralId = r.Id == 0 ? null : r.Id });

    private static RebuildDifference Of(Customer c, string before) =>
        Split(new RebuildDifference(DifferenceKind.Customer, c.IdentityKey ?? UnitOf(c.Scope, c.CustomerId), $"customer {c.CustomerId}", before, Words(c)));

    private void Compare(RewardLine line, List<RebuildDifference> found)
    {
        if (line.Standing is null && !line.Gone) return;
        var (stored, standing) = (line.Stored, line.Standing);
        if (stored is not null && standing is not null && (stored.Earned, stored.Reversed, stored.RevisionNumber, stored.HoldUntil, stored.WaitsFor, stored.NetBeforeCap)
            == (line.Earned, line.Reversed, line.RevisionNumber, standing.HoldUntil, standing.WaitsFor, standing.NetBeforeCap))
        {
            if (standing.Explanation.ToJson() != stored.Explanation) Reworded++;
            return;
        }
        var before = stored is null ? "not stored" : Words(stored.Earned, stored.Reversed, stored.RevisionNumber, stored.HoldUntil, stored.WaitsFor, stored.NetBeforeCap);
        var revision = standing is null ? stored!.RevisionNumber : line.RevisionNumber;
        var after = Words(line.Earned, line.Reversed, revision, standing?.HoldUntil ?? stored!.HoldUntil, standing?.WaitsFor, standing?.NetBeforeCap);
        if (before == after)
        {
            if (standing is not null && standing.Explanation.ToJson() != stored!.Explanation) Reworded++;
            return;
        }
        var currency = standing?.Earned.Currency.Code ?? stored!.Currency;
        found.Add(Split(new RebuildDifference(DifferenceKind.Reward, line.Referral.Identity.Key, line.Key, before, after)
        {
            ReferralId = line.Referral.Id == 0 ? null : line.Referral.Id,
            RewardId = stored?.Id,
            Currency = currency,
            Change = line.Earned - line.Reversed - (stored is null ? 0 : stored.Earned - stored.Reversed),
            Should = new FingerprintLine(line.Key, revision, currency, line.Earned, line.Reversed),
        }));
    }

    private void Compare(TransactionLine line, List<RebuildDifference> found)
    {
        var (stored, payment) = (line.Stored, line.Gone ? null : line.Payment);
        if (payment is null && (stored is null || !line.Gone)) return;
        if (stored is not null && payment is not null && (stored.CustomerId, stored.ReferralId, stored.AmountPaid, stored.Currency, stored.AmountRefunded, stored.PaidAt, stored.Reason)
            == (payment.CustomerId, line.Referral?.Id, payment.Paid.Minor, payment.Paid.Currency.Code, payment.Refunded.Minor, payment.PaidAt, payment.Reason))
        {
            if (payment.Explanation.ToJson() != stored.Explanation) Reworded++;
            return;
        }
        var owner = line.Referral ?? (stored?.ReferralId is { } id ? _referrals.GetValueOrDefault(id) : null);
        var before = stored is null ? "not stored" : Words(stored.CustomerId, stored.ReferralId, new Money(stored.AmountPaid, Currency.Parse(stored.Currency)), stored.AmountRefunded, stored.PaidAt, stored.Reason);
        var after = payment is null ? "not a payment of its own" : Words(payment.CustomerId, line.Referral?.Id, payment.Paid, payment.Refunded.Minor, payment.PaidAt, payment.Reason);
        if (before == after)
        {
            if (payment!.Explanation.ToJson() != stored!.Explanation) Reworded++;
            return;
        }
        var (kind, externalId) = payment is null ? (stored!.Kind, stored.ExternalId) : (payment.Kind, payment.ExternalId);
        var unit = owner?.Identity.Key ?? UnitOf(payment?.Scope ?? stored!.Scope, payment?.CustomerId ?? stored!.CustomerId ?? "");
        found.Add(Split(new RebuildDifference(DifferenceKind.Payment, unit, $"{kind} {externalId}", before, after) { ReferralId = owner is { Id: > 0 } ? owner.Id : null }));
    }

    private void Compare(CaseLine line, List<RebuildDifference> found)
    {
        var stored = line.Stored;
        string before, after;
        if (line.Case is { } unclear)
        {
            before = stored is null ? "not asked" : Words(stored.ReferralId, stored.CustomerId, stored.SettledAt is not null, stored.DecisionId);
            after = Words(line.Referral?.Id, unclear.CustomerId, unclear.Decision is not null, unclear.Decision?.Id);
            if (before == after)
            {
                if ((stored!.Question, stored.EvidenceJson, stored.ChoicesJson) != (unclear.Question, unclear.Evidence.ToJson(), unclear.Choices.ToJson())) Reworded++;
                return;
            }
        }
        else
        {
            if (!line.Answered || stored is not { SettledAt: null }) return;
            (before, after) = ("open", "answered by the facts");
        }
        found.Add(Split(new RebuildDifference(DifferenceKind.Case, line.Referral?.Identity.Key ?? UnitOf("", stored?.CustomerId ?? ""), line.Case?.Key ?? stored!.Key, before, after)
        {
            ReferralId = line.Referral is { Id: > 0 } r ? r.Id : null,
        }));
    }

    /// <summary>Leaves only the words that differ.</summary>
    private static RebuildDifference Split(RebuildDifference difference)
    {
        var (before, after) = (difference.Before.Split("; "), difference.After.Split("; "));
        if (before.Length != after.Length) return difference;
        var differ = before.Zip(after).Where(pair => pair.First != pair.Second).ToList();
        return difference with { Before = string.Join("; ", differ.Select(d => d.First)), After = string.Join("; ", differ.Select(d => d.Second)) };
    }

    private static string Words(Referral r) =>
        $"code {r.Code ?? "none"} of referrer {Number(r.ReferrerId)}; attributed {Day(r.AttributedAt)}; signed up {Day(r.SignedUpAt)}; first paid {Day(r.FirstPaidAt)}; revision {Number(r.RevisionNumber)}; reason {r.Reason ?? "none"}; e-mail {r.Email ?? "none"}";

    private static string Words(Customer c) =>
        $"is {c.IdentityKey ?? "nobody"}; user {c.NewUserId ?? "none"}; organisation {c.OrganizationId ?? "none"}; e-mail {c.Email ?? "none"}; name {c.Name ?? "none"}; created {Day(c.CreatedAt)}; removed {Day(c.RemovedAt)}";

    private static string Words(long earned, long reversed, int revision, DateTimeOffset holdUntil, string? waitsFor, long? netBeforeCap) =>
        $"earned {Number(earned)}; reversed {Number(reversed)}; revision {Number(revision)}; held until {Day(holdUntil)}; waits for {waitsFor ?? "nothing"}; before the limit {Number(netBeforeCap)}";

    private static string Words(string? customerId, long? referralId, Money paid, long refunded, DateTimeOffset paidAt, string? reason) =>
        $"customer {customerId ?? "none"}; referral {Number(referralId == 0 ? null : referralId)}; paid {Number(paid.Minor)} {paid.Currency.Code}; refunded {Number(refunded)}; paid at {Day(paidAt)}; reason {reason ?? "none"}";

    private static string Words(long? referralId, string? customerId, bool isSettled, long? decisionId) =>
        $"referral {Number(referralId == 0 ? null : referralId)}; customer {customerId ?? "none"}; {(isSettled ? "settled" : "open")}; decision {Number(decisionId)}";

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "none";

    private static string Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture) ?? "none";
}

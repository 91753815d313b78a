using Portal.Core.Data;
using Portal.Core.Referrers;
using Portal.Core.Rewards;

namespace Portal.Core.Payouts;

/// <summary>Somebody did something with a payout.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
public sealed record PayoutStep(DateTimeOffset At, string By)
{
    internal static PayoutStep? Of(DateTimeOffset? at, string? by) => at is { } when && by is not null ? new PayoutStep(when, by) : null;
}

/// <summary>A payout in a list.</summary>
/// <param name="Id">Our id.</param>
/// <param name="State">How far it has come.</param>
/// <param name="AsOf">Rewards whose hold was over by then.</param>
/// <param name="Minimum">Whoever is owed less was left out.</param>
/// <param name="Note">What it is for.</param>
/// <param name="Referrers">How many are paid.</param>
/// <param name="Lines">How many rewards it pays or nets.</param>
/// <param name="Amount">What they came to when it was put together.</param>
/// <param name="Paid">What was posted; null before it was settled.</param>
/// <param name="Created">Who put it together.</param>
/// <param name="Approved">Who approved it.</param>
/// <param name="Exported">Who took its file last.</param>
/// <param name="ExportedAmount">What that file came to.</param>
/// <param name="Ended">Who settled or cancelled it.</param>
public sealed record PayoutRow(
    long Id, PayoutState State, DateTimeOffset AsOf, Money Minimum, string? Note, int Referrers, int Lines, Money Amount, Money? Paid,
    PayoutStep Created, PayoutStep? Approved, PayoutStep? Exported, Money? ExportedAmount, PayoutStep? Ended)
{
    internal static PayoutRow Of(Payout p)
    {
        var currency = Currency.Parse(p.Currency);
        return new PayoutRow(p.Id, p.State, p.AsOf, new Money(p.Minimum, currency), p.Note, p.Referrers, p.Lines, new Money(p.Amount, currency),
            p.Paid is { } paid ? new Money(paid, currency) : null, new PayoutStep(p.CreatedAt, p.CreatedBy), PayoutStep.Of(p.ApprovedAt, p.ApprovedBy),
            PayoutStep.Of(p.ExportedAt, p.ExportedBy), p.Exported is { } exported ? new Money(exported, currency) : null, PayoutStep.Of(p.EndedAt, p.EndedBy));
    }
}

/// <summary>What is paid or netted of one reward.</summary>
/// <param name="LineId">Our id.</param>
/// <param name="RewardId">The reward.</param>
/// <param name="InvoiceId">The invoice that caused it.</param>
/// <param name="Amount">When the payout was put together.</param>
/// <param name="Due">What was posted; before that, what would be posted now.</param>
public sealed record PayoutLineRow(long LineId, long RewardId, string? InvoiceId, Money Amount, Money Due);

/// <summary>What a payout pays to one referrer.</summary>
/// <param name="ReferrerId">Our id.</param>
/// <param name="Referrer">The product's id.</param>
/// <param name="Name">A name, if known.</param>
/// <param name="Email">An e-mail address, if known.</param>
/// <param name="Lines">Of which rewards.</param>
public sealed record PayoutShare(long ReferrerId, string Referrer, string? Name, string? Email, IReadOnlyList<PayoutLineRow> Lines)
{
    /// <summary>When the payout was put together.</summary>
    public Money Amount => Lines.Select(l => l.Amount).Aggregate((a, b) => a + b);

    /// <summary>What was posted; before that, what would be posted now.</summary>
    public Money Due => Lines.Select(l => l.Due).Aggregate((a, b) => a + b);
}

/// <summary>A payout with all that is in it.</summary>
/// <param name="Payout">The batch.</param>
/// <param name="Shares">Whom it pays, in the order in which they became referrers.</param>
public sealed record PayoutDetail(PayoutRow Payout, IReadOnlyList<PayoutShare> Shares)
{
    /// <summary>What was posted; before that, what would be posted now.</summary>
    public Money Due => Shares.Select(s => s.Due).Aggregate(Money.Zero(Payout.Amount.Currency), (a, b) => a + b);

    /// <summary>Whether it would pay something else now than when it was put together.</summary>
    public bool IsChanged => Payout.State is PayoutState.Draft or PayoutState.Approved && Due != Payout.Amount;
}

/// <summary>A line beside its reward and its referrer as they stand.</summary>
internal sealed record LineNow(
    long Id, long RewardId, string? InvoiceId, long Amount, long? Paid, bool IsOpen, long Unpaid, DateTimeOffset HoldUntil, string? WaitsFor,
    long ReferrerId, string Referrer, string? Email, string? FirstName, string? LastName)
{
    /// <summary>The lines of a payout, referrer by referrer.</summary>
    public static IQueryable<LineNow> Of(PortalDb db, long payoutId) =>
        from line in db.PayoutLines
        where line.PayoutId == payoutId
        join reward in db.Rewards on line.RewardId equals reward.Id
        join referrer in db.Referrers on line.ReferrerId equals referrer.Id
        orderby line.ReferrerId, line.Id
        select new LineNow(line.Id, line.RewardId, reward.InvoiceId, line.Amount, line.Paid, line.IsOpen, reward.Earned - reward.Reversed - reward.Paid,
            reward.HoldUntil, reward.WaitsFor, line.ReferrerId, referrer.ProductUserId, referrer.Email, referrer.FirstName, referrer.LastName);

    /// <summary>What is paid to whom by these lines: what was posted, or what would be posted now, or nothing where it was cancelled.</summary>
    public static PayoutDetail Detail(PayoutRow payout, IReadOnlyList<LineNow> lines, DateTimeOffset now)
    {
        var currency = payout.Amount.Currency;
        return new PayoutDetail(payout, [.. lines.GroupBy(l => l.ReferrerId).Select(group =>
        {
            var own = group.ToList();
            var due = own[0].IsOpen
                ? PayoutReckoning.Due(own.ConvertAll(l => (l.Amount, PayoutReckoning.Open(l.Unpaid, l.HoldUntil > now || l.WaitsFor is not null))))
                : [.. own.Select(l => l.Paid ?? 0)];
            var name = $"{own[0].FirstName} {own[0].LastName}".Trim();
            return new PayoutShare(group.Key, own[0].Referrer, name.Length > 0 ? name : null, own[0].Email,
                [.. own.Select((l, i) => new PayoutLineRow(l.Id, l.RewardId, l.InvoiceId, new Money(l.Amount, currency), new Money(due[i], currency)))]);
        })]);
    }
}

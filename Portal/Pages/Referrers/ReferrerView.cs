using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Statements;
using Portal.Core.Visits;

namespace Portal.Pages.Referrers;

/// <summary>What the page of one referrer shows.</summary>
/// <param name="Referrer">Who.</param>
/// <param name="Query">Which part of the statement.</param>
/// <param name="Statement">That part.</param>
/// <param name="Plot">What was owed over time, in one currency.</param>
/// <param name="Referrals">The newest of those who are credited.</param>
/// <param name="Links">The links, with how often they were opened.</param>
/// <param name="PaidTo">Where the referrer wants to be paid; null where nothing was said.</param>
public sealed record ReferrerView(
    ReferrerLine Referrer, StatementQuery Query, Statement Statement, IReadOnlyList<(DateTimeOffset At, Money Balance)> Plot, Page<ReferralRow> Referrals, ReferrerLinks Links, PayoutHint? PaidTo);

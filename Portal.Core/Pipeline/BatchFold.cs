using Portal.Core.Facts;
using Portal.Core.Ledger;

namespace Portal.Core.Pipeline;

/// <summary>
/// Tells the events of a batch to a book, and folds each referral as seldom as its postings allow: once for all that the batch says of it.
/// Only where more than one of its events may move money it is folded before each further one, so that every posting names the event
/// that caused it; and where referrals depend on each other, after every event.
/// </summary>
internal sealed class BatchFold(ReferralBook book)
{
    private readonly Dictionary<CustomerKey, (Cause Cause, bool Moves)> _due = [];
    private readonly bool _oneByOne = book.Circles.Count > 0 || book.RewardsOrganizations;

    /// <summary>Tells what an event tells.</summary>
    public void Tell(long eventId, List<ToldFact> facts)
    {
        var news = facts.FindAll(book.Facts.IsNews);
        var moves = news.Exists(MayMoveMoney);
        if (moves) FoldBefore(news);
        var left = facts.ConvertAll(book.Facts.Tell);
        var cause = Cause.Event(eventId);
        foreach (var customer in facts.Select(f => book.Facts.CustomerOf(f.Scope, f.Fact)).Concat(left).OfType<CustomerKey>().Distinct())
        {
            if (moves || !_due.TryGetValue(customer, out var due) || !due.Moves) _due[customer] = (cause, moves);
        }
        if (_oneByOne) FoldRest();
    }

    /// <summary>Folds what is still to be folded.</summary>
    public void FoldRest()
    {
        if (_due.Count == 0) return;
        book.Fold(_due.OrderBy(d => d.Value.Moves).Select(d => (d.Key, d.Value.Cause)));   // of a referral's causes the last counts
        _due.Clear();
    }

    /// <summary>Folds the referrals that facts concern and that another event of the batch may have moved already: what comes now has another cause.</summary>
    private void FoldBefore(List<ToldFact> news)
    {
        if (!_due.Values.Any(d => d.Moves)) return;
        if (news.Exists(f => book.Facts.Knows(f) || SaysWho(f) || book.Facts.CustomerOf(f.Scope, f.Fact) is null))
        {
            FoldRest();   // it may join referrals, or part them
            return;
        }
        var units = news.Select(f => UnitOf(book.Facts.CustomerOf(f.Scope, f.Fact)!.Value)).ToHashSet();
        var concerned = _due.Where(d => units.Contains(UnitOf(d.Key))).ToList();
        if (!concerned.Exists(d => d.Value.Moves)) return;
        book.Fold(concerned.OrderBy(d => d.Value.Moves).Select(d => (d.Key, d.Value.Cause)));
        foreach (var (customer, _) in concerned) _due.Remove(customer);
    }

    /// <summary>Whether a fact says of its customer who it is, otherwise than was known.</summary>
    private bool SaysWho(ToldFact told) => told.Fact is { Claim.NewUserId: { } user, CustomerId: { } customer } && book.UserOf(new CustomerKey(told.Scope, customer)) != user;

    private string UnitOf(CustomerKey customer) => book.IdentityOf(customer)?.Key ?? customer.WaitsFor;

    /// <summary>All may, except what only adds to the record of a payment, as long as nothing that went back waits for just that.</summary>
    private bool MayMoveMoney(ToldFact told) => told.Fact switch
    {
        SubscriptionChanged { Metadata: null } => false,
        ChargeSucceeded or PaymentLinked { PaidOutOfBand: false } => book.Facts.IsJoinedToMoneyBack(told.Scope, told.Fact),
        _ => true,
    };
}

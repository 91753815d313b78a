using Portal.Core.Data;
using Portal.Core.Erasure;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Core.Pipeline;

/// <summary>Writes what a run changed, inside the caller's transaction.</summary>
internal static class ReferralBookWriter
{
    /// <summary>Saves facts, customers, referrals, payments, rewards, cases, and posts to the ledger.</summary>
    public static void Save(this ReferralBook book, PortalDb db, DateTimeOffset now)
    {
        if (db.Erasures.Max(e => (long?)e.Id) != book.ErasuresUpTo) throw new ErasedMeanwhileException();
        db.ChangeTracker.AutoDetectChangesEnabled = false;   // everything that changes is named below; looking for changes would cost more than writing them
        PreparedRows<StoredFact>.Insert(db, book.Facts.Added);
        db.UpdateRange(book.Facts.Retold);
        AskForFolds(book, db, now);
        db.SaveChanges();
        PreparedRows<Customer>.Insert(db, book.Added.OfType<Customer>());
        PreparedRows<Customer>.Update(db, book.Changed.OfType<Customer>(), nameof(Customer.Email), nameof(Customer.Name), nameof(Customer.NewUserId),
            nameof(Customer.OrganizationId), nameof(Customer.IdentityKey), nameof(Customer.CreatedAt), nameof(Customer.RemovedAt));
        PreparedRows<Referral>.InsertWithKeys(db, [.. book.Added.OfType<Referral>()]);
        PreparedRows<Referral>.Update(db, book.Changed.OfType<Referral>(), nameof(Referral.ReferrerId), nameof(Referral.Code), nameof(Referral.AttributedAt), nameof(Referral.SignedUpAt),
            nameof(Referral.FirstPaidAt), nameof(Referral.RevisionNumber), nameof(Referral.Reason), nameof(Referral.Email));

        var (added, changed) = (new List<Transaction>(), new List<Transaction>());
        foreach (var line in book.Transactions.Values) Save(db, book.Environment, line, added, changed);
        foreach (var line in book.Cases.Values) Save(db, book.Environment, line, now);
        var (earned, kept) = (new List<Reward>(), new List<Reward>());
        foreach (var line in book.Rewards.Values) Save(book.Environment, line, earned, kept, now);
        db.SaveChanges();
        PreparedRows<Reward>.InsertWithKeys(db, earned);
        PreparedRows<Transaction>.Insert(db, added);
        PreparedRows<Transaction>.Update(db, changed, nameof(Transaction.CustomerId), nameof(Transaction.ReferralId), nameof(Transaction.Currency),
            nameof(Transaction.AmountPaid), nameof(Transaction.AmountRefunded), nameof(Transaction.PaidAt), nameof(Transaction.Reason), nameof(Transaction.Explanation));
        PreparedRows<Reward>.Update(db, kept, nameof(Reward.PaidAt), nameof(Reward.HoldUntil), nameof(Reward.WaitsFor), nameof(Reward.NetBeforeCap), nameof(Reward.RevisionNumber), nameof(Reward.Explanation));

        Journal.Post(db, [.. book.Postings.Select(p => new Posting(p.Line.Stored!, p.Kind, p.Amount, p.Cause))], now);
    }

    private static void Save(PortalDb db, PortalEnvironment environment, TransactionLine line, List<Transaction> added, List<Transaction> changed)
    {
        if (line.Gone)
        {
            if (line.Stored is not null) db.Remove(line.Stored);
            return;
        }
        if (line.Payment is not { } payment) return;
        var explanation = payment.Explanation.ToJson();
        if (line.Stored is not { } stored)
        {
            added.Add(new Transaction
            {
                Environment = environment,
                Kind = payment.Kind,
                Scope = payment.Scope,
                ExternalId = payment.ExternalId,
                CustomerId = payment.CustomerId,
                ReferralId = line.Referral?.Id,
                Currency = payment.Paid.Currency.Code,
                AmountPaid = payment.Paid.Minor,
                AmountRefunded = payment.Refunded.Minor,
                PaidAt = payment.PaidAt,
                Reason = payment.Reason,
                Explanation = explanation,
            });
            return;
        }
        var next = (payment.CustomerId, line.Referral?.Id, payment.Paid.Currency.Code, payment.Paid.Minor, payment.Refunded.Minor, payment.PaidAt, payment.Reason, explanation);
        if (next == (stored.CustomerId, stored.ReferralId, stored.Currency, stored.AmountPaid, stored.AmountRefunded, stored.PaidAt, stored.Reason, stored.Explanation)) return;
        (stored.CustomerId, stored.ReferralId, stored.Currency, stored.AmountPaid, stored.AmountRefunded, stored.PaidAt, stored.Reason, stored.Explanation) = next;
        changed.Add(stored);
    }

    private static void Save(PortalDb db, PortalEnvironment environment, CaseLine line, DateTimeOffset now)
    {
        if (line.Case is not { } unclear)
        {
            if (!line.Answered || line.Stored is not { } asked || asked is { SettledAt: not null, DecisionId: null }) return;
            (asked.SettledAt, asked.DecisionId) = (asked.SettledAt ?? now, null);   // later facts answered the question: what was decided about it changes nothing
            db.Update(asked);
            return;
        }
        var (evidence, choices) = (unclear.Evidence.ToJson(), unclear.Choices.ToJson());
        if (line.Stored is not { } stored)
        {
            line.Stored = stored = new ReviewCase
            {
                Environment = environment,
                Key = unclear.Key,
                Kind = unclear.Kind,
                ReferralId = line.Referral?.Id,
                CustomerId = unclear.CustomerId,
                Question = unclear.Question,
                EvidenceJson = evidence,
                ChoicesJson = choices,
                OpenedAt = now,
                SettledAt = unclear.Decision is null ? null : now,
                DecisionId = unclear.Decision?.Id,
            };
            db.Add(stored);
            return;
        }
        DateTimeOffset? settledAt = unclear.Decision is null ? null : stored.SettledAt ?? now;
        var next = (line.Referral?.Id, unclear.CustomerId, unclear.Question, evidence, choices, settledAt, unclear.Decision?.Id);
        if (next == (stored.ReferralId, stored.CustomerId, stored.Question, stored.EvidenceJson, stored.ChoicesJson, stored.SettledAt, stored.DecisionId)) return;
        (stored.ReferralId, stored.CustomerId, stored.Question, stored.EvidenceJson, stored.ChoicesJson, stored.SettledAt, stored.DecisionId) = next;
        db.Update(stored);
    }

    private static void Save(PortalEnvironment environment, RewardLine line, List<Reward> earned, List<Reward> kept, DateTimeOffset now)
    {
        if (line.Standing is not { } reward)
        {
            if (line is { Gone: true, Stored: { } left }) Keep(kept, left, (left.PaidAt, left.HoldUntil, null, null, left.RevisionNumber, left.Explanation));
            return;
        }
        var explanation = reward.Explanation.ToJson();
        if (line.Stored is not { } stored)
        {
            line.Stored = new Reward
            {
                Environment = environment,
                Key = line.Key,
                ReferralId = line.Referral.Id,
                ReferrerId = line.Code!.ReferrerId,
                Code = line.Code.Code,
                Component = reward.Component,
                Scope = reward.Scope,
                InvoiceId = reward.InvoiceId,
                Currency = reward.Earned.Currency.Code,
                PaidAt = reward.At,
                HoldUntil = reward.HoldUntil,
                WaitsFor = reward.WaitsFor,
                NetBeforeCap = reward.NetBeforeCap,
                RevisionNumber = line.RevisionNumber,
                Explanation = explanation,
                CreatedAt = now,
            };
            earned.Add(line.Stored);
            return;
        }
        Keep(kept, stored, (reward.At, reward.HoldUntil, reward.WaitsFor, reward.NetBeforeCap, line.RevisionNumber, explanation));
    }

    /// <summary>Writes what may change of a reward; the amounts are the ledger's, and never written from here.</summary>
    private static void Keep(List<Reward> kept, Reward stored, (DateTimeOffset PaidAt, DateTimeOffset HoldUntil, string? WaitsFor, long? NetBeforeCap, int RevisionNumber, string Explanation) next)
    {
        if (next == (stored.PaidAt, stored.HoldUntil, stored.WaitsFor, stored.NetBeforeCap, stored.RevisionNumber, stored.Explanation)) return;
        (stored.PaidAt, stored.HoldUntil, stored.WaitsFor, stored.NetBeforeCap, stored.RevisionNumber, stored.Explanation) = next;
        kept.Add(stored);
    }

    /// <summary>Asks for folds of what this run changed for others: referrals of the same code, and codes of colleagues.</summary>
    private static void AskForFolds(ReferralBook book, PortalDb db, DateTimeOffset now)
    {
        var wanted = book.Stirred.Select(code => (Kind: RefoldRequest.OfReferrer, Id: code)).ToList();
        if (book.Colleagues.Count > 0)
        {
            wanted.AddRange(db.ReferralCodes.Where(c => c.Environment == book.Environment && book.Colleagues.Contains(c.Referrer!.ProductUserId)).Select(c => c.Code).ToList()
                .Select(code => (RefoldRequest.OfCode, code)));
        }
        foreach (var (kind, id) in wanted)
        {
            if (db.RefoldRequests.Any(r => r.Environment == book.Environment && r.CauseKind == kind && r.CauseId == id && r.DoneUpTo == 0 && r.Id != book.Answers)) continue;   // one that has not begun does both
            db.RefoldRequests.Add(new RefoldRequest { Environment = book.Environment, CauseKind = kind, CauseId = id, RequestedAt = now });
        }
    }
}

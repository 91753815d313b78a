using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Ledger;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Core.Pipeline;

/// <summary>Writes what a run changed, inside the caller's transaction.</summary>
internal static class ReferralBookWriter
{
    /// <summary>Saves facts, customers, referrals, payments, rewards, cases, and posts to the ledger.</summary>
    public static void Save(this ReferralBook book, PortalDb db, DateTimeOffset now)
    {
        db.ChangeTracker.AutoDetectChangesEnabled = false;   // everything that changes is named below; looking for changes would cost more than writing them
        PreparedRows<StoredFact>.Insert(db, book.Added.OfType<StoredFact>());
        db.AddRange(book.Added.Where(a => a is not StoredFact));
        db.UpdateRange(book.Changed);
        db.SaveChanges();   // new referrals have their ids now

        foreach (var line in book.Transactions.Values) Save(db, book.Environment, line);
        foreach (var line in book.Cases.Values) Save(db, book.Environment, line, now);
        foreach (var line in book.Rewards.Values) Save(db, book.Environment, line, now);
        db.SaveChanges();

        Journal.Post(db, [.. book.Postings.Select(p => new Posting(p.Line.Stored!, p.Kind, p.Amount, p.Cause))], now);
    }

    private static void Save(PortalDb db, PortalEnvironment environment, TransactionLine line)
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
            db.Add(new Transaction
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
        db.Update(stored);
    }

    private static void Save(PortalDb db, PortalEnvironment environment, CaseLine line, DateTimeOffset now)
    {
        if (line.Case is not { } unclear) return;
        var evidence = unclear.Evidence.ToJson();
        if (line.Stored is not { } stored)
        {
            db.Add(new ReviewCase
            {
                Environment = environment,
                Key = $"{unclear.Kind}:{unclear.Subject}",
                Kind = unclear.Kind,
                ReferralId = line.Referral?.Id,
                CustomerId = unclear.CustomerId,
                Question = unclear.Question,
                EvidenceJson = evidence,
                OpenedAt = now,
            });
            return;
        }
        if ((stored.ReferralId, stored.Question, stored.EvidenceJson, stored.SettledAt) == (line.Referral?.Id, unclear.Question, evidence, null)) return;
        (stored.ReferralId, stored.Question, stored.EvidenceJson, stored.SettledAt) = (line.Referral?.Id, unclear.Question, evidence, null);
        db.Update(stored);
    }

    private static void Save(PortalDb db, PortalEnvironment environment, RewardLine line, DateTimeOffset now)
    {
        if (line.Standing is not { } reward) return;
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
                PaidAt = reward.PaidAt,
                HoldUntil = reward.HoldUntil,
                RevisionNumber = line.RevisionNumber,
                Explanation = explanation,
                CreatedAt = now,
            };
            db.Add(line.Stored);
            return;
        }
        if ((stored.HoldUntil, stored.RevisionNumber, stored.Explanation) == (reward.HoldUntil, line.RevisionNumber, explanation)) return;
        (stored.HoldUntil, stored.RevisionNumber, stored.Explanation) = (reward.HoldUntil, line.RevisionNumber, explanation);
        var entry = db.Attach(stored);   // the amounts are the ledger's, and never written from here
        entry.Property(r => r.HoldUntil).IsModified = true;
        entry.Property(r => r.RevisionNumber).IsModified = true;
        entry.Property(r => r.Explanation).IsModified = true;
    }
}

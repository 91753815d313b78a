using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Data;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Referrals;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Xunit;

namespace Portal.Tests.Pipeline;

/// <summary>What every batch loads is found by the index of the column that the list is about, however large the table.</summary>
[Trait("Database", "Sqlite")]
public sealed class LoadPlanTests : IDisposable
{
    private static readonly (string, object?) Ours = ("Environment", PortalEnvironment.Sandbox);

    private readonly PortalOnDisk _portal = new();

    public void Dispose() => _portal.Dispose();

    [Fact]
    public void Facts_are_found_by_their_key_their_event_their_customer_and_their_payment()
    {
        Follows<StoredFact>("natural_key", nameof(StoredFact.NaturalKey), Ours, (nameof(StoredFact.Scope), "stripe"));
        Follows<StoredFact>("event_id", nameof(StoredFact.EventId), Ours);
        Follows<StoredFact>("customer_id", nameof(StoredFact.CustomerId), Ours);
        foreach (var (column, property) in new[] { ("invoice_id", nameof(StoredFact.InvoiceId)), ("payment_intent_id", nameof(StoredFact.PaymentIntentId)), ("charge_id", nameof(StoredFact.ChargeId)) })
        {
            Follows<StoredFact>(column, property, Ours);
            Follows<StoredFact>(column, property, Ours, (nameof(StoredFact.CustomerId), null));
        }
    }

    [Fact]
    public void Customers_are_found_by_their_id_and_by_who_they_are()
    {
        Follows<Customer>("customer_id", nameof(Customer.CustomerId), Ours, (nameof(Customer.Scope), "stripe"));
        Follows<Customer>("identity_key", nameof(Customer.IdentityKey), Ours);
        Follows<Customer>("organization_id", nameof(Customer.OrganizationId), Ours);
    }

    [Fact]
    public void What_stands_is_found_by_the_referral_and_the_customer()
    {
        Follows<Referral>("new_user_id", nameof(Referral.NewUserId), Ours);
        Follows<Reward>("referral_id", nameof(Reward.ReferralId));
        Follows<Transaction>("customer_id", nameof(Transaction.CustomerId), Ours);
        Follows<Transaction>("external_id", nameof(Transaction.ExternalId), Ours);
        Follows<ReviewCase>("referral_id", nameof(ReviewCase.ReferralId));
        Follows<ReviewCase>("customer_id", nameof(ReviewCase.CustomerId), Ours);
        Follows<InboundEvent>("waits_for", nameof(InboundEvent.WaitsFor));
    }

    private void Follows<T>(string column, string property, params (string, object?)[] others) where T : class
    {
        using var db = _portal.Store.OpenRead();
        db.Database.OpenConnection();
        using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + StoredRows<T>.Statement(db, property, others);
        foreach (var name in others.Where(o => o.Item2 is not null).Select(o => "@" + o.Item1).Prepend("@list"))
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, "[]");
            command.Parameters.Add(parameter);
        }
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(reader.GetString(3));
        Assert.Contains(lines, l => l.StartsWith("SEARCH t ", StringComparison.Ordinal) && l.Contains($"{column}=?", StringComparison.Ordinal));
    }
}

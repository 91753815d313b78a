using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Facts;
using Portal.Core.Sources;
using Portal.Core.Sources.Chargebee;
using Xunit;
using Xunit.Abstractions;

namespace Portal.Tests.Sources.Chargebee;

/// <summary>What Chargebee's events mean: the same facts as of any other provider.</summary>
[Trait("Database", "Without")]
public sealed class ChargebeeReaderTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false, "$.content.customer.meta_data")]
    [InlineData(true, "$.content.customer")]
    public void Referral_keys_stand_in_the_metadata_or_in_custom_fields_of_any_capitals(bool inCustomFields, string path)
    {
        var seen = Assert.IsType<CustomerSeen>(Assert.Single(Read(ChargebeeSamples.Customer(inCustomFields: inCustomFields)).Facts));

        Assert.Equal(new Claim(SmallWorld.Ann, "user-1", null, path), seen.Metadata);
        Assert.Equal(("cb_1", "payer@example.com", "Tax Payer"), (seen.CustomerId, seen.Email, seen.Name));
    }

    [Fact]
    public void A_paid_invoice_counts_without_tax_and_with_its_payments_linked()
    {
        var reading = Read(ChargebeeSamples.Paid(amount: 11_900, tax: 1_900));

        var paid = Assert.Single(reading.Facts.OfType<InvoicePaid>());
        Assert.Equal(("22", "USD", 11_900, 11_900, 10_000, "sub 1"), (paid.InvoiceId, paid.Currency, paid.AmountPaid, paid.Total, paid.TotalExcludingTax, paid.SubscriptionId));
        Assert.Equal((10_000, "pro"), (Assert.Single(paid.Lines).Net, paid.Lines[0].ProductId));
        Assert.Equal(new PaymentLinked("22", null, "txn_1") { OccurredAt = StripeSamples.Noon.AddMinutes(5), CustomerId = "cb_1" }, Assert.Single(reading.Facts.OfType<PaymentLinked>()));
        Assert.Equal(CheckLevel.Ok, reading.Status);
    }

    [Fact]
    public void A_part_payment_counts_once_the_invoice_is_paid_whole()
    {
        var reading = Read(ChargebeeSamples.Paid(status: "payment_due"));

        Assert.DoesNotContain(reading.Facts, f => f is InvoicePaid);
        Assert.NotNull(reading.Ignored);
    }

    [Fact]
    public void A_refund_names_the_payment_and_the_invoice()
    {
        var refund = Assert.Single(Read(ChargebeeSamples.Refunded(amount: 2_500)).Facts.OfType<RefundSeen>());

        Assert.Equal(("txn_r1", "txn_1", 2_500, "succeeded"), (refund.RefundId, refund.ChargeId, refund.Amount, refund.Status));
    }

    [Theory]
    [InlineData("subscription_cancelled", true)]
    [InlineData("subscription_created", false)]
    public void A_subscription_s_end_is_its_end(string type, bool ends)
    {
        var reading = Read(ChargebeeSamples.Event(type, new JsonObject { ["subscription"] = new JsonObject { ["id"] = "sub 1", ["customer_id"] = "cb_1", ["status"] = "active" } }));

        Assert.Equal(ends, Assert.Single(reading.Facts) is SubscriptionEnded { SubscriptionId: "sub 1", CustomerId: "cb_1" });
    }

    [Fact]
    public void What_is_not_followed_is_ignored_and_says_so()
    {
        Assert.NotNull(Read(ChargebeeSamples.Event("invoice_generated", [])).Ignored);
        Assert.NotNull(Read(ChargebeeSamples.Event("payment_failed", new JsonObject { ["transaction"] = new JsonObject { ["id"] = "txn_1", ["customer_id"] = "cb_1" } })).Ignored);
    }

    [Fact]
    public void Whatever_member_is_missing_or_of_another_kind_nothing_is_thrown()
    {
        foreach (var body in (string[])[ChargebeeSamples.Customer(), ChargebeeSamples.Paid(), ChargebeeSamples.Refunded()])
        {
            foreach (var damaged in Damaged(JsonNode.Parse(body)!.AsObject()))
            {
                var reading = Read(damaged);
                Assert.All(reading.Facts.OfType<InvoicePaid>(), f => Assert.InRange(f.AmountPaid, 0, Portal.Core.Money.Largest));
            }
        }
    }

    [Fact]
    public void Every_shared_fixture_is_read()
    {
        if (Repository.Shared is not { } shared)
        {
            output.WriteLine("No shared fixtures here: nothing was read.");
            return;
        }
        var (read, facts) = (0, 0);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(shared, "fixtures", "chargebee"), "*.json", SearchOption.AllDirectories))
        {
            var reading = ChargebeeReader.Read(File.ReadAllBytes(file));
            Assert.Null(reading.Unreadable);
            (read, facts) = (read + 1, facts + reading.Facts.Count);
        }
        output.WriteLine($"{read} events, {facts} facts");
        Assert.True(read > 40 && facts > 10);
    }

    private static IEnumerable<string> Damaged(JsonObject root)
    {
        foreach (var path in Paths(root, []).ToList())
        {
            foreach (var value in (string?[])[null, "null", "\"x\"", "-5", "[]", "{}", "1e300"])
            {
                var copy = JsonNode.Parse(root.ToJsonString())!;
                var parent = path[..^1].Aggregate(copy, (node, name) => node[name]!);
                if (value is null) parent.AsObject().Remove(path[^1]);
                else parent[path[^1]] = JsonNode.Parse(value);
                yield return copy.ToJsonString();
            }
        }
    }

    private static IEnumerable<string[]> Paths(JsonObject at, string[] before) => at.SelectMany(m => m.Value is JsonObject inner ? Paths(inner, [.. before, m.Key]).Prepend([.. before, m.Key]) : [[.. before, m.Key]]);

    private static Reading Read(string body) => ChargebeeReader.Read(Encoding.UTF8.GetBytes(body));
}

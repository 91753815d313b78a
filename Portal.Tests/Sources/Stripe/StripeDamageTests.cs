using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Portal.Core;
using Portal.Core.Facts;
using Portal.Core.Sources;
using Portal.Core.Sources.Stripe;
using Xunit;

namespace Portal.Tests.Sources.Stripe;

[Trait("Database", "Without")]
public sealed class StripeDamageTests
{
    private static readonly string[] Good =
    [
        StripeSamples.Customer(organization: "org-1"), StripeSamples.Customer("customer.deleted"), StripeSamples.Subscription(ucc: "abcd"),
        StripeSamples.Subscription("customer.subscription.deleted"), StripeSamples.InvoicePaid(embedPayments: true),
        StripeSamples.InvoicePaid(shape: StripeShape.Classic), StripeSamples.InvoiceVoided(), StripeSamples.InvoicePaymentPaid(),
        StripeSamples.Charge(), StripeSamples.Charge("charge.refunded", amountRefunded: 500, shape: StripeShape.Classic), StripeSamples.Refund(),
        StripeSamples.Dispute("funds_reinstated", balanceTransactions: [-12_000, 12_000]), StripeSamples.CreditNote(refunds: ["re_1", "re_2"]),
        StripeSamples.InvoicePaid(lines: [StripeSamples.Line(12_000, discount: 500, grant: 300, tax: 1_867), StripeSamples.Line(-900)], outside: true),
        StripeSamples.InvoicePaid(
            lines: [StripeSamples.Line(12_000, discount: 500, tax: 1_867, shape: StripeShape.Classic)], outside: true, shape: StripeShape.Classic),
        StripeSamples.InvoiceWrittenOff(), StripeSamples.FraudWarning(), StripeSamples.FraudWarning("radar.early_fraud_warning.updated"),
        StripeSamples.InvoicePaymentPaid(paymentIntent: null), StripeSamples.CreditNote(refunds: ["re_1"], outOfBand: 2_000, prePayment: 3_000),
        StripeSamples.Dispute("funds_reinstated", balanceTransactions: [-13_000, 6_500], settledIn: "eur"),
        StripeSamples.CreditNote(refunds: ["re_1"], shape: StripeShape.Classic), StripeSamples.Event("ping", null, null, null, StripeShape.Basil),
    ];

    [Fact]
    public void No_damage_makes_a_reader_throw_or_tell_nonsense() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(6_000),
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var body = DamagedPayloads.Make(Good[seed % Good.Length], seed);
            var isJson = StripeEnvelope.TryRead(body, SHA256.HashData(body), out var envelope, out var problem);
            var reading = StripeReader.Read(body);

            Assert.True(isJson || reading.Unreadable is not null, "the reader read what the envelope refused");
            Assert.Equal(isJson, problem.Length == 0);
            Assert.InRange(envelope.ProviderEventId.Length, 1, 255);
            AssertSound(reading, envelope);
        }));

    private static void AssertSound(Reading reading, Envelope envelope)
    {
        JsonSerializer.Serialize(reading);
        foreach (var text in reading.Checks.Select(check => check.Found).Append(reading.CustomerId).Append(reading.Email).OfType<string>())
        {
            Assert.DoesNotContain(text, char.IsControl);
            Assert.InRange(text.Length, 0, 320);
        }

        Assert.All(reading.Checks, check => Assert.InRange(check.Found?.Length ?? 0, 0, 120));
        if (reading.Unreadable is not null) Assert.Empty(reading.Facts);
        if (reading is { Unreadable: null, Ignored: null, Facts.Count: 0 }) Assert.Equal(CheckLevel.Error, reading.Status);
        if (reading.Unreadable is null && reading.Checks.Count > 0) Assert.True(StripeFieldRules.For(envelope.Type).Count == reading.Checks.Count);
        Assert.Equal(reading.Facts.Count, reading.Facts.DistinctBy(fact => fact.NaturalKey).Count());
        Assert.All(reading.Facts, AssertSound);
    }

    private static void AssertSound(Fact fact)
    {
        JsonSerializer.Serialize(fact);
        Assert.InRange(fact.NaturalKey.Length, 1, 1000);
        Assert.InRange(fact.OccurredAt.Year, 1970, 9999);
        if (fact is InvoicePaid paid)
        {
            Assert.InRange(paid.AmountPaid, 0, Money.Largest);
            Assert.InRange(paid.Total, -Money.Largest, Money.Largest);
            Assert.InRange(paid.TotalExcludingTax, -Money.Largest, paid.Total < 0 ? Money.Largest : paid.Total);
            Assert.All(paid.Lines, line => Assert.InRange(line.Net, -Money.Largest, Money.Largest));
        }

        if (fact is DisputeMoved moved) Assert.InRange(moved.Amount, 0, Money.Largest);
        if (fact is CreditNoteIssued note) Assert.InRange(note.OutOfBandAmount, 0, note.Amount);

        if (fact is ChargeRefunded refunded) Assert.InRange(refunded.TotalRefunded, 1, Money.Largest);
    }
}

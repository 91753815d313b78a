namespace Portal.Core.Facts;

/// <summary>What a product tells itself, beside or instead of its payment provider, and by what it is known.</summary>
public static class ProductTelling
{
    /// <summary>The scope of its facts.</summary>
    public const string Scope = "api";

    /// <summary>The scope of what nobody told and a cookie showed.</summary>
    public const string Noticed = "auto";

    /// <summary>By how many days a reward waits longer where only a cookie showed who referred: the payment provider may yet say otherwise.</summary>
    public const int NoticedDays = 7;

    /// <summary>A product knows no payments, only invoices: the payment of one is named by it.</summary>
    public static string PaymentOf(string invoiceId) => $"invoice:{invoiceId}";
}

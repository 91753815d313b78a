using System.Text.Json;
using Portal.Core.Facts;

namespace Portal.Core.Sources.Api;

/// <summary>An event told through the API, as what every kind of fact is made from. Ids and amounts of the wrong kind are null.</summary>
/// <param name="Trigger">One of <see cref="ApiTriggers.All"/>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Root">The payload.</param>
internal readonly record struct ApiEvent(string Trigger, DateTimeOffset At, JsonElement Root)
{
    private const string PayloadPath = "$.payload";

    private JsonElement Payload => Root.Member("payload");

    private JsonElement Context => Root.Member("context");

    private JsonElement NewUser => Context.Member("newUser");

    public JsonElement Subscription => Context.Member("subscription");

    /// <summary>The referred user. Where an organisation is referred, <c>payload.newUserId</c> is the organisation and the user stands in the context.</summary>
    public string? UserId => NewUser.Member("id").Text() ?? Payload.Member("newUserId").Text();

    /// <summary>The referred organisation: as the context names it, or what <c>payload.newUserId</c> is when it is not the user.</summary>
    public string? OrganizationId => NewUser.Member("organizationId").Text()
        ?? (Payload.Member("newUserId").Text() is { } id && id != UserId ? id : null);

    public string? Email => NewUser.Member("email").Email();

    public string? Name => NewUser.Member("name").Text();

    public string? InvoiceId => Subscription.Member("invoiceId").Name();

    public Currency? Currency => Portal.Core.Currency.TryParse(Payload.Member("currency").Raw(), out var currency) ? currency : null;

    /// <summary>What was paid or given back, in minor units.</summary>
    public long? Price => Currency is { } currency ? Payload.Member("price").MajorAmount(currency) : null;

    public Claim Claim => new(Payload.Member("ucc").Code(), UserId, OrganizationId, PayloadPath);

    /// <summary>Names this telling: the same thing told again at another moment is another one.</summary>
    public string Telling => $"{Trigger}@{At.ToUnixTimeMilliseconds()}";
}

using System.Text;
using Portal.Core.Sources;
using Portal.Core.Sources.Api;
using Portal.Core.Sources.Auto;
using Xunit;

namespace Portal.Tests.Sources.Api;

[Trait("Database", "Without")]
public sealed class AutoSignupTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 1, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void What_a_cookie_showed_is_the_fact_that_the_product_would_have_told()
    {
        const string Told = """{"eventName":"ReferralUpdated","payload":{"ucc":"codeOfAnn01","newUserId":"u1"},"context":{"newUser":{"id":"u1","email":"u1@example.com","name":"Una \"Ü\" One"},"event":{"trigger":"new-signup","timestamp":"2026-05-01T09:30:00Z"}}}""";

        var noticed = SourceReader.Read(AutoSignup.Source, AutoSignup.Body("u1", "u1@example.com", "Una \"Ü\" One", "codeOfAnn01", At));

        var told = ApiReader.Read(Encoding.UTF8.GetBytes(Told));
        Assert.Equal(told.Facts, noticed.Facts);
        Assert.Equal((CheckLevel.Ok, "u1"), (noticed.Status, noticed.CustomerId));
        Assert.True(ApiRequest.Read(AutoSignup.Body("u1", null, null, "codeOfAnn01", At), "x").TryGet(out _, out _));
    }

    [Fact]
    public void A_user_s_first_boot_is_one_event_whenever_it_is_told() =>
        Assert.Equal(AutoSignup.Envelope("u1", At).ProviderEventId, AutoSignup.Envelope("u1", At.AddDays(1)).ProviderEventId);
}

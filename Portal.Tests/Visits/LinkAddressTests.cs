using Portal.Core.Visits;
using Xunit;

namespace Portal.Tests.Visits;

[Trait("Database", "Without")]
public sealed class LinkAddressTests
{
    [Theory]
    [InlineData("https://acme.example", "https://acme.example/?ucc=abcDEF12345&productId=acme.io")]
    [InlineData("https://acme.example/start", "https://acme.example/start?ucc=abcDEF12345&productId=acme.io")]
    [InlineData("https://acme.example/start?utm_source=friend&x=a%20b#plans", "https://acme.example/start?utm_source=friend&x=a%20b&ucc=abcDEF12345&productId=acme.io#plans")]
    [InlineData("https://acme.example/?ucc=old&a=1&productId=other&celloN=QW5u", "https://acme.example/?a=1&ucc=abcDEF12345&productId=acme.io")]
    [InlineData("https://acme.example/#/signup?step=1", "https://acme.example/?ucc=abcDEF12345&productId=acme.io#/signup?step=1")]
    [InlineData("http://localhost:3000/a?", "http://localhost:3000/a?ucc=abcDEF12345&productId=acme.io")]
    [InlineData("https://bücher.example/für?a=ü", "https://xn--bcher-kva.example/f%C3%BCr?a=%C3%BC&ucc=abcDEF12345&productId=acme.io")]
    [InlineData("http://[::1]:8080/", "http://[::1]:8080/?ucc=abcDEF12345&productId=acme.io")]
    public void What_the_page_says_stays_and_code_and_product_are_added(string page, string expected) =>
        Assert.Equal(expected, LinkAddress.Of(page, "abcDEF12345", "acme.io", null));

    [Theory]
    [InlineData("Ann", "QW5u")]
    [InlineData(" Märta ", "TcOkcnRh")]
    [InlineData("李小龙", "5p2O5bCP6b6Z")]
    [InlineData("Zoë?>", "Wm/Dqz8%2B")]
    public void The_first_name_goes_along_as_Base64_of_UTF8(string name, string expected)
    {
        var address = LinkAddress.Of("https://acme.example/", "abcDEF12345", "acme", name);
        Assert.EndsWith($"&celloN={Uri.EscapeDataString(Uri.UnescapeDataString(expected))}", address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Nobody_is_named_who_gave_no_name(string? name) =>
        Assert.DoesNotContain("celloN", LinkAddress.Of("https://acme.example/", "abcDEF12345", "acme", name), StringComparison.Ordinal);
}

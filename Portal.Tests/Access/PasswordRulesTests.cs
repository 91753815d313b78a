using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Access;

[Trait("Database", "Without")]
public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("password1234")]
    [InlineData("Password2024!")]
    [InlineData("P@ssw0rd2024!")]
    [InlineData("passwordpassword")]
    [InlineData("password123password")]
    [InlineData("123456789012")]
    [InlineData("qwertyuiop123")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("123qweasdzxc")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("abcdefghijkl")]
    [InlineData("letmeinletmein")]
    [InlineData("LetMeIn-Please-1")]
    [InlineData("administrator")]
    [InlineData("Admin12345678")]
    [InlineData("welcome12345")]
    [InlineData("iloveyou1234")]
    [InlineData("changeme-changeme")]
    [InlineData("sunshine2023")]
    [InlineData("trustno1trustno1")]
    [InlineData("correct horse battery staple")]
    public void What_everybody_tries_first_is_refused(string password) =>
        Assert.Equal("passwordTooCommon", PasswordRules.Refuse(password, "a@example.com")?.Code);

    [Theory]
    [InlineData("heron lantern quiet 42")]
    [InlineData("x7#9!2$kq81@Lm")]
    [InlineData("ölkanne-späte-weide")]
    [InlineData("Zaunkoenig fliegt!")]
    [InlineData("a1b2c3-correct-password-lamp")]
    public void A_good_one_needs_no_particular_shape(string password) => Assert.Null(PasswordRules.Refuse(password, "a@example.com"));

    [Theory]
    [InlineData("elevenchars", "passwordTooShort")]
    [InlineData("", "passwordTooShort")]
    [InlineData(null, "passwordTooShort")]
    [InlineData("maria.lindqvist@example.com", "passwordIsEmail")]
    [InlineData("Maria.Lindqvist", "passwordIsEmail")]
    public void Short_ones_and_the_address_are_refused(string? password, string code) =>
        Assert.Equal(code, PasswordRules.Refuse(password, "maria.lindqvist@example.com")?.Code);

    [Fact]
    public void A_passphrase_of_any_sensible_length_is_taken()
    {
        Assert.Null(PasswordRules.Refuse(string.Concat(Enumerable.Range(0, 32).Select(i => $"w{i:x}yk-zh-")).AsSpan(0, 256).ToString(), null));
        Assert.Equal("passwordTooLong", PasswordRules.Refuse(new string('x', 257), null)?.Code);
    }
}

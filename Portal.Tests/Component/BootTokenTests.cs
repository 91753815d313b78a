using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Core;
using Portal.Core.Access;
using Xunit;

namespace Portal.Tests.Component;

/// <summary>Tokens that npm's jsonwebtoken signed (tools/tokens), and those that it, or a forger, would have signed otherwise.</summary>
[Trait("Database", "Without")]
public sealed class BootTokenTests
{
    private static readonly JsonElement File = JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(Repository.Tests, "Component", "tokens.json"))).RootElement;
    private static readonly string Secret = File.GetProperty("secret").GetString()!;
    private static readonly DateTimeOffset Signed = DateTimeOffset.FromUnixTimeSeconds(File.GetProperty("iat").GetInt64());
    private static readonly SecretSnapshot Secrets = new([2, 1], [Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(File.GetProperty("older").GetString()!)]);

    public static TheoryData<string> Good => [.. File.GetProperty("good").EnumerateObject().Select(p => p.Name)];

    public static TheoryData<string> Forged => [.. File.GetProperty("forged").EnumerateObject().Select(p => p.Name)];

    public static TheoryData<string> Crooked => [.. File.GetProperty("crooked").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Good))]
    public void What_jsonwebtoken_signs_is_taken(string name)
    {
        var outcome = Read(File.GetProperty("good").GetProperty(name).GetString());

        Assert.True(outcome.TryGet(out var token, out var problem), problem?.Detail);
        Assert.Equal(name == "with an id in another script" ? "пользователь/1 ü" : "user-1", token.ProductUserId);
        Assert.Equal(name == "with an expiry" ? Signed.AddHours(1) : null, token.ExpiresAt);
    }

    [Theory]
    [MemberData(nameof(Forged))]
    public void What_is_forged_is_refused_by_its_code(string name) => AssertRefused(name.Split(' ')[0], Read(File.GetProperty("forged").GetProperty(name).GetString()));

    [Theory]
    [MemberData(nameof(Crooked))]
    public void What_is_signed_but_says_nothing_clear_is_refused(string name) =>
        AssertRefused(name.Split(' ')[0], Read(Sign("""{"alg":"HS512","typ":"JWT"}""", File.GetProperty("crooked").GetProperty(name).GetString()!)));

    [Fact]
    public void A_header_that_names_two_algorithms_is_refused() =>
        AssertRefused("tokenMalformed", Read(Sign("""{"alg":"none","alg":"HS512","typ":"JWT"}""", File.GetProperty("crooked").GetProperty("tokenIssuedAt as a text").GetString()!)));

    [Fact]
    public void A_number_for_an_id_is_told_as_such()
    {
        Read(File.GetProperty("forged").GetProperty("tokenUser as a number").GetString()).TryGet(out _, out var problem);

        Assert.Equal("User is not authorized: productUserId must be a string.", problem!.Detail);
    }

    [Fact]
    public void A_token_grows_old_only_where_an_age_is_set()
    {
        var good = File.GetProperty("good").GetProperty("plain").GetString();

        Assert.True(BootToken.Read(good, "prd_test", null, Secrets, Signed.AddYears(3)).TryGet(out _, out _));
        Assert.True(BootToken.Read(good, "prd_test", 24, Secrets, Signed.AddHours(24).AddSeconds(-1)).TryGet(out var token, out _));
        Assert.Equal(Signed.AddHours(24), token.ExpiresAt);
        AssertRefused("tokenExpired", BootToken.Read(good, "prd_test", 24, Secrets, Signed.AddHours(24)));
    }

    [Fact]
    public void Without_a_secret_nothing_is_signed() =>
        AssertRefused("tokenSignature", BootToken.Read(Sign("""{"alg":"HS512"}""", "{}"), "prd_test", null, SecretSnapshot.None, Signed));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("\uD800.\uD800.\uD800")]
    [InlineData("e30.e30.e30")]
    public void Rubbish_is_refused(string? text) => Assert.False(Read(text).TryGet(out _, out _));

    private static Outcome<BootToken> Read(string? text) => BootToken.Read(text, "prd_test", null, Secrets, Signed);

    private static string Sign(string header, string claims)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA512.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    private static void AssertRefused(string code, Outcome<BootToken> outcome)
    {
        Assert.False(outcome.TryGet(out _, out var problem));
        Assert.Equal(code, problem.Code);
        Assert.StartsWith("User is not authorized: ", problem.Detail, StringComparison.Ordinal);
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Core.Facts;
using Portal.Core.Sources.Api;

namespace Portal.Core.Sources.Auto;

/// <summary>
/// A signup that nobody told: the cookie of an invite link, found when the referral component was first booted for a user. It is kept as
/// the request by which the product would have told it, so that the API's reader reads it and a rebuild knows it.
/// </summary>
public static class AutoSignup
{
    /// <summary>The source's name.</summary>
    public const string Source = ProductTelling.Noticed;

    /// <summary>The only type that there is.</summary>
    public const string Type = "Attributed Signup";

    /// <summary>The body to be kept.</summary>
    /// <param name="productUserId">Who signed up.</param>
    /// <param name="email">The address, if the component was told it.</param>
    /// <param name="name">The name, if the component was told it.</param>
    /// <param name="code">What stood in the cookie.</param>
    /// <param name="at">When it was noticed.</param>
    public static byte[] Body(string productUserId, string? email, string? name, string code, DateTimeOffset at)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("eventName", ApiTriggers.EventName);
            json.WriteStartObject("payload");
            json.WriteString("ucc", code);
            json.WriteString("newUserId", productUserId);
            json.WriteEndObject();
            json.WriteStartObject("context");
            json.WriteStartObject("newUser");
            json.WriteString("id", productUserId);
            if (email is not null) json.WriteString("email", email);
            if (name is not null) json.WriteString("name", name);
            json.WriteEndObject();
            json.WriteStartObject("event");
            json.WriteString("trigger", ApiTriggers.NewSignup);
            json.WriteString("timestamp", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));   // as exact as the database keeps it
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return body.ToArray();
    }

    /// <summary>What the inbox must know of it. A user signs up once, however often and wherever the first boot is told.</summary>
    public static Envelope Envelope(string productUserId, DateTimeOffset at) =>
        new($"boot:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(productUserId)))}", Type, "", null, at, null);

    /// <summary>Reads one back.</summary>
    public static Reading Read(ReadOnlyMemory<byte> body, bool withChecks = true) => ApiReader.Read(body, withChecks);
}

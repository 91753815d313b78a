namespace Portal.Core.Referrals;

/// <summary>What a referral is of.</summary>
public enum IdentityKind
{
    /// <summary>A person, by <c>new_user_id</c>.</summary>
    User,

    /// <summary>An organisation with all its users, by <c>new_user_organization_id</c>, where the campaign rewards organisations.</summary>
    Organization,
}

/// <summary>Who was referred, by the product's id.</summary>
/// <param name="Kind">A person or an organisation.</param>
/// <param name="Id">The product's id.</param>
public sealed record Identity(IdentityKind Kind, string Id)
{
    /// <summary>A person.</summary>
    public static Identity User(string id) => new(IdentityKind.User, id);

    /// <summary>An organisation.</summary>
    public static Identity Organization(string id) => new(IdentityKind.Organization, id);

    /// <summary>Names the identity once within an environment: <c>user:42</c>, <c>organization:acme</c>.</summary>
    public string Key => Kind == IdentityKind.User ? $"user:{Id}" : $"organization:{Id}";

    /// <summary>Reads a key.</summary>
    public static Identity OfKey(string key) => key.StartsWith("user:", StringComparison.Ordinal) ? User(key["user:".Length..]) : Organization(key["organization:".Length..]);

    /// <inheritdoc />
    public override string ToString() => Kind == IdentityKind.User ? Id : $"organisation {Id}";
}

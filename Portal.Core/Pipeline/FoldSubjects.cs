using System.Text.Json;

namespace Portal.Core.Pipeline;

/// <summary>Referrals and customers that a request names one by one.</summary>
/// <param name="Identities">Keys of referrals.</param>
/// <param name="Customers">Customers.</param>
internal sealed record FoldSubjects(IReadOnlyList<string> Identities, IReadOnlyList<CustomerKey> Customers)
{
    /// <summary>In portions for one batch each, customers first: a referral finds its customers by who they are said to be.</summary>
    public IEnumerable<FoldSubjects> Chunk(int size) => Customers.Chunk(size).Select(c => new FoldSubjects([], c)).Concat(Identities.Chunk(size).Select(i => new FoldSubjects(i, [])));

    /// <summary>As kept with the request.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what is kept.</summary>
    public static FoldSubjects OfJson(string json) => JsonSerializer.Deserialize<FoldSubjects>(json)!;
}

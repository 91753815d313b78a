using System.Text.Json;

namespace Portal.Core.Pipeline;

/// <summary>Referrals and customers without one that a request names one by one.</summary>
/// <param name="Identities">Keys of referrals.</param>
/// <param name="Customers">Customers.</param>
internal sealed record FoldSubjects(IReadOnlyList<string> Identities, IReadOnlyList<CustomerKey> Customers)
{
    /// <summary>In portions for one batch each.</summary>
    public IEnumerable<FoldSubjects> Chunk(int size) => Identities.Chunk(size).Select(i => new FoldSubjects(i, [])).Concat(Customers.Chunk(size).Select(c => new FoldSubjects([], c)));

    /// <summary>As kept with the request.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what is kept.</summary>
    public static FoldSubjects OfJson(string json) => JsonSerializer.Deserialize<FoldSubjects>(json)!;
}

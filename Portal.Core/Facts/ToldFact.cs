namespace Portal.Core.Facts;

/// <summary>A fact with who told it. Where two events tell the same fact, the earliest telling stands (<see cref="ComesBefore"/>), whichever arrived first.</summary>
/// <param name="Fact">What happened.</param>
/// <param name="Scope">The source and account that its ids belong to: <c>stripe</c> or <c>stripe:acct_1</c>.</param>
/// <param name="ProviderEventId">The event that told it.</param>
/// <param name="EventId">The same event in our inbox.</param>
public sealed record ToldFact(Fact Fact, string Scope, string ProviderEventId, long EventId)
{
    /// <summary>The order in which facts are folded: by what happened, never by what arrived.</summary>
    public static readonly IComparer<ToldFact> ByOccurrence = Comparer<ToldFact>.Create((a, b) =>
    {
        var order = a.Fact.OccurredAt.CompareTo(b.Fact.OccurredAt);
        if (order == 0) order = string.CompareOrdinal(a.Fact.Kind, b.Fact.Kind);
        if (order == 0) order = string.CompareOrdinal(a.Fact.NaturalKey, b.Fact.NaturalKey);
        return order == 0 ? string.CompareOrdinal(a.Scope, b.Scope) : order;
    });

    /// <summary>Whether this telling of a fact stands before another telling of the same fact.</summary>
    public bool ComesBefore(ToldFact other)
    {
        var order = Fact.OccurredAt.CompareTo(other.Fact.OccurredAt);
        return order < 0 || (order == 0 && string.CompareOrdinal(ProviderEventId, other.ProviderEventId) < 0);
    }
}

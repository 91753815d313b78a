using Portal.Core.Reviews;

namespace Portal.Core.Rewards;

/// <summary>The unclear cases that a fold meets, with the decisions that stand about them.</summary>
/// <param name="decisions">By the case's key.</param>
internal sealed class CaseBook(IReadOnlyDictionary<string, Decision> decisions)
{
    private readonly List<UnclearCase> _cases = [];

    /// <summary>All of them, decided or open.</summary>
    public IReadOnlyList<UnclearCase> Cases => _cases;

    /// <summary>Whether a person decided a case that may be asked.</summary>
    public bool IsDecided(string key) => decisions.TryGetValue(key, out var made) && made.Choice != Decision.Reopen;

    /// <summary>What a person decided of a case, whether it is still asked or not; null where nobody did, or took it back.</summary>
    public Decision? Decided(string key) => decisions.GetValueOrDefault(key) is { } made && made.Choice != Decision.Reopen ? made : null;

    /// <summary>Notes a case and looks its decision up.</summary>
    /// <returns>What was decided; null while the case is open. A decision for what is no longer a choice does not stand.</returns>
    public Decision? Ask(UnclearCase unclear)
    {
        if (_cases.Find(c => c.Key == unclear.Key) is { } asked) return asked.Decision;
        var decision = decisions.GetValueOrDefault(unclear.Key) is { } made && unclear.Choices.Any(c => c.Choice == made.Choice) ? made : null;
        _cases.Add(unclear with { Decision = decision });
        return decision;
    }
}

namespace Portal.Core.Reviews;

/// <summary>What a person decided about an unclear case: a fact of the fold like any other. Of several decisions about one case the newest stands.</summary>
/// <param name="Id">Rising in the order in which they were made.</param>
/// <param name="CaseKey">The case.</param>
/// <param name="Choice">One of the case's choices; <see cref="Reopen"/> takes earlier decisions back.</param>
public sealed record Decision(long Id, string CaseKey, string Choice)
{
    /// <summary>The choice that takes a decision back: the case is open again.</summary>
    public const string Reopen = "reopen";
}

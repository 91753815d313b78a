using Portal.Jobs;
using Portal.Shared;

namespace Portal.Pages.Jobs;

/// <summary>What the page calls the outcomes of runs.</summary>
internal static class JobWords
{
    public static string Of(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Succeeded => "Done",
        JobOutcome.Idle => "Nothing to do",
        JobOutcome.Stopped => "Stopped",
        _ => "Failed",
    };

    public static Tone Look(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Succeeded => Tone.Good,
        JobOutcome.Stopped => Tone.Warn,
        JobOutcome.Failed => Tone.Bad,
        _ => Tone.Quiet,
    };
}

using System.Text;
using Portal.Core.Facts;
using Portal.Core.Inbox;
using Portal.Core.Sources;
using Portal.Shared;

namespace Portal.Pages.Events;

/// <summary>One event as its page shows it: what is stored, and what the reader says of the payload today.</summary>
/// <param name="Detail">What is stored.</param>
/// <param name="Reading">What the payload says.</param>
/// <param name="Tree">The payload as a tree with its checks; null where it is no JSON.</param>
/// <param name="Facts">What it tells, each with the event whose telling stands.</param>
public sealed record EventView(EventDetail Detail, Reading Reading, JsonBranch? Tree, IReadOnlyList<FactLine> Facts)
{
    /// <summary>The payload as text; bytes that are none become replacement characters.</summary>
    public string Raw => Encoding.UTF8.GetString(Detail.Payload);
}

/// <summary>A fact of the payload.</summary>
/// <param name="Fact">What it says.</param>
/// <param name="Teller">The event whose telling stands; null while it is not stored.</param>
public sealed record FactLine(Fact Fact, Teller? Teller);

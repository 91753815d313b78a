using Portal.Core.Inbox;
using Portal.Core.Sources;

namespace Portal.Core.Integration;

/// <summary>An event of a test run.</summary>
/// <param name="Event">Its line in the feed.</param>
/// <param name="Code">The verdict on its referral code; null where the type has none.</param>
/// <param name="NewUser">The verdict on the new user's id.</param>
public sealed record TestedEvent(EventRow Event, FieldCheck? Code, FieldCheck? NewUser)
{
    /// <summary>Whether it names both, well formed.</summary>
    public bool IsAttributed => Code is { Level: CheckLevel.Ok, Found: not null } && NewUser is { Level: CheckLevel.Ok, Found: not null };
}

/// <summary>How far a test run is: the first event, both fields, all kinds of events (reference product, event testing).</summary>
/// <param name="Events">The newest, newest first.</param>
/// <param name="HasSignup">Whether a signup with both fields came.</param>
/// <param name="HasPurchase">Whether a purchase came that is right.</param>
public sealed record TestRunState(IReadOnlyList<TestedEvent> Events, bool HasSignup, bool HasPurchase)
{
    /// <summary>Whether all needed events came.</summary>
    public bool IsComplete => HasSignup && HasPurchase;

    /// <summary>What to do next, in a sentence.</summary>
    public string Next => (Events, HasSignup, HasPurchase) switch
    {
        ({ Count: 0 }, _, _) => "Nothing came yet. Send a signup whose customer carries a referral code and the new user's id.",
        (_, false, _) => $"Events come in, but no signup with both fields yet. {Missing}",
        (_, _, false) => "The signup is complete. Now let the same customer pay.",
        _ => "Attribution is complete: signup and purchase came, with all that they need.",
    };

    private string Missing => Events.Select(e => (e.Code, e.NewUser)).FirstOrDefault(e => e.Code is not null) switch
    {
        ({ Found: null }, { Found: null }) => "The newest has neither a referral code (cello_ucc) nor a new user's id (new_user_id).",
        ({ Found: null }, _) => "The newest has no referral code (cello_ucc).",
        ({ Level: not CheckLevel.Ok } code, _) => $"The newest has a referral code that is not right: {code.Label}.",
        (_, { Found: null }) => "The newest has no new user's id (new_user_id).",
        _ => "Send one with a referral code and the new user's id.",
    };
}

/// <summary>Looks at the newest events the way somebody does who sets up an integration.</summary>
public sealed class TestRun(EventSearch search, EventDetails details)
{
    private const int Shown = 8;

    /// <summary>How far the run is that began at a moment.</summary>
    public async Task<TestRunState> FindAsync(PortalEnvironment environment, ComponentStatus signups, ComponentStatus purchases, CancellationToken ct)
    {
        var events = new List<TestedEvent>();
        var (hasSignup, hasPurchase) = (false, false);
        foreach (var row in await NewestAsync(environment, signups, purchases, ct))
        {
            if (await details.FindAsync(environment, row.Id, ct) is not { } found) continue;
            var checks = SourceReader.Read(row.Source, found.Payload).Checks;
            var one = new TestedEvent(row, checks.FirstOrDefault(c => c.Field == "ucc"), checks.FirstOrDefault(c => c.Field == "newUserId"));
            events.Add(one);
            hasSignup |= one.IsAttributed && IntegrationBoard.TypesOf(IntegrationComponent.Signups, row.Source).Contains(row.Type);
            hasPurchase |= row.Status == CheckLevel.Ok && IntegrationBoard.TypesOf(IntegrationComponent.Purchases, row.Source).Contains(row.Type);
        }
        return new TestRunState(events, hasSignup, hasPurchase);
    }

    private async Task<List<EventRow>> NewestAsync(PortalEnvironment environment, ComponentStatus signups, ComponentStatus purchases, CancellationToken ct)
    {
        var found = new List<EventRow>();
        foreach (var part in (ComponentStatus[])[signups, purchases])
        {
            foreach (var type in IntegrationBoard.TypesOf(part.Component, part.Source))
                found.AddRange((await search.FindAsync(new EventQuery { Environment = environment, Type = type, Source = part.Source, Limit = Shown }, ct)).Items);
        }
        return [.. found.OrderByDescending(e => e.Id).Take(Shown)];
    }
}

using System.Text.RegularExpressions;
using Xunit;

namespace Portal.Tests;

/// <summary>The house's plan, checked against the <c>using</c> lines of the code: which room may speak of which.</summary>
public sealed partial class ArchitectureTests
{
    private const int LongestFile = 400;

    private static readonly string Core = Path.Combine(Repository.Root, "Portal.Core");

    /// <summary>
    /// Each room of the core, and the rooms it may know. In the order of the flow: what comes in, what it means, what it earns, what is
    /// posted; <c>Pipeline</c> knows the order and therefore all of them. A new folder needs a line here.
    /// </summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Data"] = [],
        ["Telemetry"] = [],                                                      // what all rooms may tell of themselves
        ["Audit"] = ["Data"],
        ["Facts"] = ["Data"],                                                    // StoredFact only
        ["Sources"] = ["Facts"],
        ["Access"] = ["Audit", "Data"],
        ["Products"] = ["Audit", "Data"],                                        // which product an environment serves, and what people set of it
        ["Visits"] = ["Audit", "Campaigns", "Data", "Products", "Referrers"],       // where links lead and how often they are opened
        ["Component"] = ["Audit", "Campaigns", "Data", "Inbox", "Ledger", "Products", "Referrers", "Rewards", "Sources", "Statements", "Visits"],   // Inbox, Sources: a signup that a cookie showed; Rewards, Visits: whether there is news
        ["Integration"] = ["Data", "Inbox", "Products", "Sources"],              // whether all that a product connects is connected
        ["Reviews"] = ["Audit", "Data", "Pipeline", "Referrals", "Referrers", "Rewards"],   // Pipeline: asks for a fold; Rewards: what waits for a case
        ["Campaigns"] = ["Audit", "Data", "Referrals", "Referrers", "Pipeline"],    // Pipeline: asks for a fold; Referrals, Referrers: who is bound
        ["Referrers"] = ["Audit", "Campaigns", "Data", "Erasure", "Pipeline"],      // Pipeline: asks for a fold
        ["Referrals"] = ["Data", "Facts", "Referrers"],                             // Facts: whose an invoice or charge is
        ["Rates"] = ["Audit", "Data", "Pipeline"],                                  // Pipeline: asks for a fold
        ["Rewards"] = ["Campaigns", "Data", "Facts", "Ledger", "Rates", "Referrals", "Referrers", "Reviews"],   // Ledger: a reward's entries, for its page
        ["Ledger"] = ["Data", "Referrers", "Rewards"],
        ["Statements"] = ["Campaigns", "Data", "Facts", "Ledger", "Referrals", "Referrers", "Reviews", "Rewards"],   // who refers and who was referred, read from all of them
        ["Payouts"] = ["Audit", "Data", "Ledger", "Products", "Referrers", "Rewards", "Telemetry"],   // Products: nothing is paid before the launch
        ["Inbox"] = ["Audit", "Data", "Facts", "Ledger", "Pipeline", "Referrals", "Rewards", "Sources"],   // EventDetails: all that came of an event
        ["Overview"] = ["Access", "Data", "Inbox", "Referrers", "Reviews", "Rewards"],
        ["Pipeline"] = ["Campaigns", "Data", "Erasure", "Facts", "Inbox", "Ledger", "Overview", "Rates", "Referrals", "Referrers", "Reviews", "Rewards", "Sources", "Telemetry"],
        ["Rebuild"] = ["Audit", "Data", "Facts", "Inbox", "Ledger", "Pipeline", "Referrals", "Referrers", "Sources", "Telemetry"],
        ["Simulations"] = ["Audit", "Campaigns", "Data", "Facts", "Pipeline", "Referrals", "Referrers", "Rewards"],   // folds like the pipeline, posts nothing
        ["Retention"] = ["Data", "Inbox", "Rebuild"],                               // Rebuild: whether the stored facts are what a payload tells
        ["Erasure"] = ["Audit", "Data", "Facts", "Inbox", "Rebuild", "Referrals", "Referrers", "Reviews", "Rewards", "Sources"],   // wherever a person's name or address stands
        ["Sqlite"] = ["Data", "Inbox", "Ledger"],                                    // Ledger: the fingerprint of a backup
        ["Postgres"] = ["Data", "Inbox", "Ledger"],   // Ledger: the sequence of its sets
    };

    /// <summary>The pure ones: values in, values out, no database, no clock, no network.</summary>
    private static readonly string[] PureFiles =
    [
        "Campaigns/Revision.cs", "Campaigns/RevisionDocument.cs", "Facts/Fact.cs", "Facts/FactJson.cs", "Facts/ToldFact.cs",
        "Rates/ExactRate.cs", "Rates/NewRate.cs", "Rates/RateSheet.cs", "Rates/RateTable.cs",
        "Rewards/AttributionFold.cs", "Rewards/Explanation.cs", "Rewards/ReasonCodes.cs", "Rewards/ReferralFold.cs",
        "Rewards/ReferralStory.cs", "Rewards/ChargeHistory.cs", "Rewards/ChargeLinks.cs", "Rewards/MoneyBack.cs", "Rewards/InvoiceReckoning.cs",
        "Rewards/PurchaseRules.cs", "Rewards/OnceRules.cs", "Rewards/Limits.cs", "Rewards/MonthlyParts.cs", "Rewards/OpenQuestions.cs", "Rewards/CaseBook.cs",
        "Rewards/SelfReferral.cs", "Rewards/ToldTwice.cs", "Facts/ProductTelling.cs", "Rewards/RewardDraft.cs", "Campaigns/RewardRule.cs", "Campaigns/RuleDocument.cs", "Campaigns/RevisionWords.cs", "Campaigns/Percent.cs",
        "Referrals/Identity.cs", "Reviews/Decision.cs", "Reviews/DecisionPreview.cs", "Payouts/PayoutReckoning.cs", "Payouts/NewPayout.cs",
        "Access/BootToken.cs", "Component/CampaignOffer.cs", "Referrers/PayoutMethods.cs", "Simulations/SimulationReport.cs", "Simulations/SimulatedReferral.cs", "Simulations/SimulationTally.cs",
    ];

    /// <summary>Identity's stores and data protection belong to the web framework, but need no request.</summary>
    private static readonly string[] WithoutRequests = ["Microsoft.AspNetCore.DataProtection", "Microsoft.AspNetCore.Identity"];

    private static readonly string[] Projects = ["Portal", "Portal.Core", "Portal.Tests", "Portal.Benchmarks"];

    [Fact]
    public void No_room_of_the_core_knows_a_room_that_it_may_not()
    {
        var rooms = Directory.EnumerateDirectories(Core).Select(d => Path.GetFileName(d)!).Where(d => d is not ("bin" or "obj")).ToList();
        Assert.Equal(Arrows.Keys.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));

        var wrong = from room in rooms
                    from file in CodeIn(Path.Combine(Core, room))
                    from known in UsedRooms(file)
                    where known != room && !Arrows[room].Contains(known)
                    select $"{Shown(file)} uses {known}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_arrow_of_the_plan_is_drawn_for_nothing()
    {
        var unused = from room in Arrows.Keys
                     let known = CodeIn(Path.Combine(Core, room)).SelectMany(UsedRooms).ToHashSet()
                     from arrow in Arrows[room]
                     where !known.Contains(arrow)
                     select $"{room} → {arrow}";
        Assert.Empty(unused);
    }

    [Fact]
    public void The_words_that_every_room_speaks_know_no_room() =>
        Assert.Empty(Directory.EnumerateFiles(Core, "*.cs").Where(file => UsedRooms(file).Any()).Select(Shown));

    [Fact]
    public void The_core_knows_no_web_and_no_scheduler()
    {
        var wrong = from file in CodeIn(Core)
                    from name in Usings(file)
                    where name.StartsWith("Quartz", StringComparison.Ordinal) || name.StartsWith("Radzen", StringComparison.Ordinal)
                        || (name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && !WithoutRequests.Contains(name))
                    select $"{Shown(file)} uses {name}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Reading_and_folding_are_pure()
    {
        var pure = PureFiles.Select(f => Path.Combine(Core, f)).Concat(CodeIn(Path.Combine(Core, "Sources"))).ToList();
        Assert.All(pure, file => Assert.True(File.Exists(file), Shown(file)));
        Assert.Empty(pure.Where(file => Impure().IsMatch(File.ReadAllText(file))).Select(Shown));
    }

    [Fact]
    public void Only_the_fact_store_of_the_facts_knows_the_database() =>
        Assert.Equal("StoredFact.cs", Path.GetFileName(Assert.Single(CodeIn(Path.Combine(Core, "Facts")), f => UsedRooms(f).Contains("Data"))));

    [Fact]
    public void The_packages_that_may_be_exchanged_stay_in_their_rooms()
    {
        var portal = Path.Combine(Repository.Root, "Portal");
        Assert.All(CodeIn(portal).Where(f => Usings(f).Any(u => u.StartsWith("Quartz", StringComparison.Ordinal))),
            f => Assert.StartsWith("Portal/Jobs/", Shown(f), StringComparison.Ordinal));
        Assert.All(CodeIn(Core).Where(f => Usings(f).Any(u => u.StartsWith("Microsoft.Data.Sqlite", StringComparison.Ordinal) || u.StartsWith("SQLitePCL", StringComparison.Ordinal))),
            f => Assert.StartsWith("Portal.Core/Sqlite/", Shown(f), StringComparison.Ordinal));
        Assert.All(CodeIn(Core).Where(f => Usings(f).Any(u => u.StartsWith("Npgsql", StringComparison.Ordinal))),
            f => Assert.StartsWith("Portal.Core/Postgres/", Shown(f), StringComparison.Ordinal));
    }

    [Fact]
    public void No_file_is_longer_than_a_thought() =>
        Assert.Empty(AllCode().Where(f => File.ReadLines(f).Count() > LongestFile).Select(f => $"{Shown(f)} has more than {LongestFile} lines"));

    [Fact]
    public void No_type_is_named_for_nothing() => Assert.Empty(AllCode().Where(f => EmptyName().IsMatch(Path.GetFileName(f))).Select(Shown));

    private static IEnumerable<string> AllCode() =>
        Projects.SelectMany(p => CodeIn(Path.Combine(Repository.Root, p)));

    private static IEnumerable<string> CodeIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
            .Where(f => !Shown(f).Split('/').Any(part => part is "bin" or "obj" or "Migrations"));

    private static IEnumerable<string> Usings(string file) =>
        File.ReadLines(file).Select(line => Using().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value);

    private static IEnumerable<string> UsedRooms(string file) =>
        Usings(file).Where(u => u.StartsWith("Portal.Core.", StringComparison.Ordinal)).Select(u => u.Split('.')[2]).Distinct();

    private static string Shown(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    [GeneratedRegex(@"^\s*(?:global )?@?using (?:static )?(?:\w+ = )?([\w.]+)")]
    private static partial Regex Using();

    [GeneratedRegex(@"PortalDb|PortalStore|EntityFrameworkCore|DateTime(?:Offset)?\.(?:Utc)?Now|TimeProvider|HttpClient|Random\b|Guid\.NewGuid")]
    private static partial Regex Impure();

    [GeneratedRegex(@"(?:Helpers?|Utils?|Utilities|Manager)\.(?:cs|razor|razor\.cs)$")]
    private static partial Regex EmptyName();
}

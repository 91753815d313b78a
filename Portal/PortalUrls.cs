using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Access;
using Portal.Core;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Integration;
using Portal.Core.Ledger;
using Portal.Core.Payouts;
using Portal.Core.Rates;
using Portal.Core.Referrals;
using Portal.Core.Reviews;
using Portal.Core.Rewards;
using Portal.Core.Statements;

namespace Portal;

/// <summary>Every link of the pages. What a list is filtered by is part of its URL, so that a pasted link shows the same view.</summary>
public static class PortalUrls
{
    /// <summary>The start, which leads to the environment last looked at.</summary>
    public const string Home = "/";

    /// <summary>Background jobs, administrators only.</summary>
    public const string Jobs = "/jobs";

    /// <summary>The same, with the runs that found nothing to do.</summary>
    public const string JobsWithIdleRuns = "/jobs?idle=true";

    /// <summary>How this instance is, administrators only.</summary>
    public const string SystemPage = "/system";

    /// <summary>The audit log, filtered; administrators only.</summary>
    public static string AuditLog(AuditQuery? query = null) => query is null ? "/audit" : With("/audit",
        ("actor", query.Actor), ("action", query.Action), ("environment", query.Environment?.Slug()), ("from", Day(query.From)), ("to", Day(query.To?.AddDays(-1))),
        (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor)));

    /// <summary>The cookie that remembers the environment last looked at.</summary>
    public const string EnvironmentCookie = "portal-environment";

    /// <summary>The first page of an environment.</summary>
    public static string Overview(PortalEnvironment environment, string? period = null, string? currency = null) =>
        At(environment, "overview", ("period", period), ("currency", currency));

    /// <summary>Endpoints, secrets, rejected deliveries.</summary>
    public static string Webhooks(PortalEnvironment environment) => At(environment, "webhooks");

    /// <summary>How the referral component looks, and where it may be shown.</summary>
    public static string ReferralComponent(PortalEnvironment environment) => At(environment, "component");

    /// <summary>The product's id and secrets, and the key pairs of the REST API.</summary>
    public static string AccessKeys(PortalEnvironment environment) => At(environment, "access-keys");

    /// <summary>Whether all that a product connects is connected.</summary>
    public static string Integration(PortalEnvironment environment) => At(environment, "integration");

    /// <summary>How to connect it, step by step.</summary>
    public static string SetupGuide(PortalEnvironment environment) => At(environment, "setup-guide");

    /// <summary>The events by which a component is judged, in the feed; null for a script, which has none there.</summary>
    public static string? Feed(PortalEnvironment environment, ComponentStatus component) => component.Source is null ? null
        : Events(new EventQuery { Environment = environment, Source = component.Source, Type = IntegrationBoard.TypesOf(component.Component, component.Source) is [var only] ? only : null,
            Selection = component is { Component: IntegrationComponent.Signups, Source: "stripe" } ? EventSelection.Attributions : EventSelection.All });

    /// <summary>The feed.</summary>
    public static string Events(PortalEnvironment environment) => At(environment, "events");

    /// <summary>The feed, filtered.</summary>
    public static string Events(EventQuery query) => At(query.Environment, "events",
        ("tab", query.Selection == EventSelection.All ? null : query.Selection.Word()),
        ("source", query.Source), ("type", query.Type), ("status", query.Status?.Word()), ("state", query.State?.Word()),
        ("q", query.Text), ("from", Day(query.From)), ("to", Day(query.To?.AddDays(-1))),
        (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor)));

    /// <summary>One event.</summary>
    public static string Event(PortalEnvironment environment, long id) => At(environment, $"events/{Number(id)}");

    /// <summary>The rewards.</summary>
    public static string Rewards(PortalEnvironment environment) => At(environment, "rewards");

    /// <summary>The rewards, filtered.</summary>
    public static string Rewards(RewardQuery query) => At(query.Environment, "rewards",
        ("referrer", query.Referrer), ("state", query.State?.Word()), ("currency", query.Currency), ("q", query.Text),
        (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor)));

    /// <summary>One reward.</summary>
    public static string Reward(PortalEnvironment environment, long id) => At(environment, $"rewards/{Number(id)}");

    /// <summary>The payments.</summary>
    public static string Payments(PortalEnvironment environment) => At(environment, "payments");

    /// <summary>The payments, filtered.</summary>
    public static string Payments(TransactionQuery query) => At(query.Environment, "payments",
        ("result", query.Result?.Word()), ("reason", query.Reason), ("q", query.Text),
        (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor)));

    /// <summary>One payment.</summary>
    public static string Payment(PortalEnvironment environment, string kind, string externalId) =>
        At(environment, $"payments/{kind}/{Uri.EscapeDataString(externalId)}");

    /// <summary>The cases that wait for a person.</summary>
    public static string Reviews(PortalEnvironment environment) => At(environment, "reviews");

    /// <summary>The cases, filtered. Without a word for the state, the open ones.</summary>
    public static string Reviews(ReviewQuery query) => At(query.Environment, "reviews",
        ("state", query.State switch { ReviewState.Open => null, { } state => state.Word(), _ => "all" }), ("kind", query.Kind), ("q", query.Text),
        (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor)));

    /// <summary>One case.</summary>
    public static string Review(PortalEnvironment environment, long id) => At(environment, $"reviews/{Number(id)}");

    /// <summary>The referrers, found by a text if one is given.</summary>
    public static string Referrers(PortalEnvironment environment, string? text = null) => At(environment, "referrers", ("q", text));

    /// <summary>The referrers, page by page.</summary>
    public static string Referrers(ReferrerQuery query) => At(query.Environment, "referrers",
        ("q", query.Text), (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor)));

    /// <summary>One referrer.</summary>
    public static string Referrer(PortalEnvironment environment, string productUserId) => At(environment, $"referrers/{Uri.EscapeDataString(productUserId)}");

    /// <summary>One referrer, with a part of the statement.</summary>
    public static string Referrer(StatementQuery query) => At(query.Environment, $"referrers/{Uri.EscapeDataString(query.ProductUserId)}", [.. Part(query),
        (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor))]);

    /// <summary>A referrer's statement as a file, whole.</summary>
    public static string StatementFile(StatementQuery query) => At(query.Environment, "statement.csv", [("referrer", query.ProductUserId), .. Part(query)]);

    /// <summary>The referrals.</summary>
    public static string Referrals(PortalEnvironment environment, string? text = null) => At(environment, "referrals", ("q", text));

    /// <summary>The referrals, filtered.</summary>
    public static string Referrals(ReferralQuery query) => At(query.Environment, "referrals",
        ("q", query.Text), ("ucc", query.Ucc), ("attributed", query.IsAttributed is { } attributed ? (attributed ? "true" : "false") : null), ("reason", query.Reason),
        (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor)));

    /// <summary>One referral, with every fact if wanted.</summary>
    public static string Referral(PortalEnvironment environment, long id, bool withEveryFact = false) =>
        At(environment, $"referrals/{Number(id)}", ("facts", withEveryFact ? "all" : null));

    /// <summary>The journal.</summary>
    public static string Ledger(PortalEnvironment environment) => At(environment, "ledger");

    /// <summary>The journal, filtered.</summary>
    public static string Ledger(JournalQuery query) => At(query.Environment, "ledger", [.. Filters(query), ("from", Day(query.From)), ("to", Day(query.To?.AddDays(-1))),
        (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor))]);

    /// <summary>What the filters leave of the journal, as a file.</summary>
    public static string LedgerFile(JournalQuery query) => At(query.Environment, "ledger.csv", [.. Filters(query), ("from", Moment(query.From)), ("to", Moment(query.To))]);

    /// <summary>The payouts.</summary>
    public static string Payouts(PortalEnvironment environment) => At(environment, "payouts");

    /// <summary>The payouts, filtered.</summary>
    public static string Payouts(PayoutQuery query) => At(query.Environment, "payouts",
        ("state", query.State?.Word()), (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor)));

    /// <summary>One payout, with the rewards of one referrer if wanted.</summary>
    public static string Payout(PortalEnvironment environment, long id, string? referrer = null, int part = 1) =>
        At(environment, $"payouts/{Number(id)}", ("referrer", referrer), ("part", part > 1 ? Number(part) : null));

    /// <summary>What a payout pays to whom, as a file.</summary>
    public static string PayoutFile(PortalEnvironment environment, long id) => At(environment, "payout.csv", ("id", Number(id)));

    /// <summary>What a referrer sends to friends, below the portal's public address.</summary>
    public static string Invite(string publicUrl, string code) => $"{publicUrl.TrimEnd('/')}/r/{code}";

    /// <summary>The same as a QR code.</summary>
    public static string InviteQrCode(string publicUrl, string code) => $"{Invite(publicUrl, code)}/qr.svg";

    /// <summary>The script that a product's pages embed to remember codes.</summary>
    public static string AttributionScript(string publicUrl) => $"{publicUrl}/assets/attribution/latest/cello-attribution.js";

    /// <summary>Views of links, and what is set of links and the attribution script.</summary>
    public static string Links(PortalEnvironment environment) => At(environment, "links");

    /// <summary>An id as it is, from a route: routing leaves a slash inside of it escaped.</summary>
    public static string FromRoute(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The exchange rates.</summary>
    public static string ExchangeRates(PortalEnvironment environment) => At(environment, "exchange-rates");

    /// <summary>The exchange rates of a pair.</summary>
    public static string ExchangeRates(RateQuery query) => At(query.Environment, "exchange-rates",
        ("from", query.From), ("to", query.To), (query.Direction == PageDirection.Newer ? "after" : "before", Number(query.Cursor)));

    /// <summary>The rebuilds of the ledger; one of them with its result.</summary>
    public static string Rebuild(PortalEnvironment environment, long? run = null, long? cursor = null, PageDirection direction = PageDirection.Older) =>
        At(environment, "ledger/rebuild", ("run", Number(run)), (direction == PageDirection.Newer ? "after" : "before", Number(cursor)));

    /// <summary>The campaigns.</summary>
    public static string Campaigns(PortalEnvironment environment) => At(environment, "campaigns");

    /// <summary>One campaign; two of its revisions side by side.</summary>
    public static string Campaign(PortalEnvironment environment, string id, int? left = null, int? right = null) =>
        At(environment, $"campaigns/{id}", ("left", Number(left)), ("right", Number(right)));

    /// <summary>A campaign's draft, as a form or as JSON.</summary>
    public static string Draft(PortalEnvironment environment, string id, bool asJson = false) => At(environment, $"campaigns/{id}/draft", ("view", asJson ? "json" : null));

    /// <summary>A campaign's simulation: the newest, or one of them.</summary>
    public static string Simulation(PortalEnvironment environment, string id, long? run = null, string? currency = null) =>
        At(environment, $"campaigns/{id}/simulation", ("run", Number(run)), ("currency", currency));

    /// <summary>A simulation's table, as a file.</summary>
    public static string SimulationFile(PortalEnvironment environment, long run) => At(environment, $"simulations/{Number(run)}/table.csv");

    /// <summary>Where a provider sends its events, below the portal's public address.</summary>
    public static string StripeEndpoint(string publicUrl, PortalEnvironment environment) => $"{publicUrl}/webhooks/{environment.Slug()}/stripe";

    /// <summary>Where Chargebee sends its events.</summary>
    public static string ChargebeeEndpoint(string publicUrl, PortalEnvironment environment) => $"{publicUrl}/webhooks/{environment.Slug()}/chargebee";

    /// <summary>Where an access key is exchanged for a token.</summary>
    public static string TokenEndpoint(string publicUrl, PortalEnvironment environment) => $"{publicUrl}/api/{environment.Slug()}/token";

    /// <summary>The same page of the other environment; its first page where there is no such thing.</summary>
    public static string Switch(string path, PortalEnvironment to)
    {
        var room = path.Split('/', '?') is [_, _, var name, ..] ? name : "";
        return room is "overview" or "webhooks" or "events" or "rewards" or "payments" or "referrers" or "referrals" or "ledger" or "campaigns" or "reviews" or "payouts" or "exchange-rates" or "links" or "component" or "integration" or "setup-guide" or "access-keys" ? At(to, room) : At(to, "overview");
    }

    /// <summary>The sign-in, with where to go afterwards.</summary>
    public static string SignIn(string returnUrl) => QueryHelpers.AddQueryString(AccountPaths.SignIn, "returnUrl", returnUrl);

    private static string At(PortalEnvironment environment, string path, params ReadOnlySpan<(string Name, string? Value)> parameters) =>
        With($"/{environment.Slug()}/{path}", parameters);

    private static string With(string url, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrWhiteSpace(value)) url = QueryHelpers.AddQueryString(url, name, value);
        }
        return url;
    }

    private static (string, string?)[] Part(StatementQuery query) =>
        [("currency", query.Currency), ("asOf", query.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))];

    private static (string, string?)[] Filters(JournalQuery query) =>
        [("referrer", query.Referrer), ("ucc", query.Ucc), ("currency", query.Currency), ("causeKind", query.CauseKind), ("rewardId", Number(query.RewardId))];

    private static string? Moment(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Number(long? id) => id?.ToString(CultureInfo.InvariantCulture);
}

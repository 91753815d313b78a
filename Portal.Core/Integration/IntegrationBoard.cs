using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;
using Portal.Core.Inbox;
using Portal.Core.Products;
using Portal.Core.Sources;
using Portal.Core.Sources.Api;
using Portal.Core.Sources.Chargebee;

namespace Portal.Core.Integration;

/// <summary>How an environment's integration is.</summary>
/// <param name="Product">Its product and settings.</param>
/// <param name="Components">The four, in order.</param>
/// <param name="Window">Within which something valid must have come.</param>
/// <param name="CheckedAt">When this was found out.</param>
public sealed record IntegrationStatus(ProductProfile Product, IReadOnlyList<ComponentStatus> Components, TimeSpan Window, DateTimeOffset CheckedAt)
{
    /// <summary>Such as <c>4/4 connected</c> or <c>2/4 need attention</c>.</summary>
    public string Words => Components.Count(c => c.Connection != ConnectionStatus.Connected) is > 0 and var open ? $"{open}/{Components.Count} need attention" : $"{Components.Count}/{Components.Count} connected";
}

/// <summary>Finds out how an integration is, from the newest events and the scripts' calls.</summary>
public sealed class IntegrationBoard(PortalStore store, ProductRegister products, TimeProvider clock)
{
    /// <summary>The newest events of a kind that are looked at; whoever has more in the days shown sees the newest days only.</summary>
    private const int MostLooked = 5_000;

    private const int DaysShown = 14;

    private static readonly Dictionary<(IntegrationComponent, string), string[]> Types = new()
    {
        [(IntegrationComponent.Signups, "stripe")] = ["customer.created", "customer.updated"],
        [(IntegrationComponent.Signups, ChargebeeEventTypes.Source)] = ["customer_created", "customer_changed"],
        [(IntegrationComponent.Signups, ApiTriggers.Source)] = [ApiTriggers.NewSignup],
        [(IntegrationComponent.Purchases, "stripe")] = ["invoice.paid"],
        [(IntegrationComponent.Purchases, ChargebeeEventTypes.Source)] = ["payment_succeeded"],
        [(IntegrationComponent.Purchases, ApiTriggers.Source)] = [ApiTriggers.InvoicePaid],
    };

    /// <summary>Within which something valid must have come: an hour in Production, a day in the Sandbox.</summary>
    public static TimeSpan WindowOf(PortalEnvironment environment) => environment.IsLive() ? TimeSpan.FromHours(1) : TimeSpan.FromHours(24);

    /// <summary>The types of events by which a component is judged.</summary>
    public static IReadOnlyList<string> TypesOf(IntegrationComponent component, string? source) => source is null ? [] : Types.GetValueOrDefault((component, source), []);

    /// <summary>How it is now.</summary>
    public async Task<IntegrationStatus> FindAsync(PortalEnvironment environment, CancellationToken ct)
    {
        var (now, window, product) = (clock.GetUtcNow(), WindowOf(environment), await products.GetAsync(environment, ct));
        await using var db = store.OpenRead();
        return new IntegrationStatus(product,
        [
            await ScriptAsync(db, environment, IntegrationComponent.ReferralComponent, ScriptNames.Component, now, window, ct),
            await ScriptAsync(db, environment, IntegrationComponent.AttributionLibrary, ScriptNames.Attribution, now, window, ct),
            await EventsAsync(db, environment, IntegrationComponent.Signups, product.Settings.SignupSource, now, window, ct),
            await EventsAsync(db, environment, IntegrationComponent.Purchases, product.Settings.PurchaseSource, now, window, ct),
        ], window, now);
    }

    private static async Task<ComponentStatus> ScriptAsync(
        PortalDb db, PortalEnvironment environment, IntegrationComponent component, string script, DateTimeOffset now, TimeSpan window, CancellationToken ct)
    {
        var ofScript = db.ScriptCalls.Where(c => c.Environment == environment && c.Script == script);
        var first = (int)(now.AddDays(1 - DaysShown).ToUnixTimeSeconds() / 3600);
        var hours = await ofScript.Where(c => c.Hour >= first).OrderBy(c => c.Hour).ToListAsync(ct);
        var lastValid = await ofScript.Where(c => c.LastAt != null).OrderByDescending(c => c.Hour).Select(c => c.LastAt).FirstOrDefaultAsync(ct);
        var fault = await ofScript.Where(c => c.Refused > 0).OrderByDescending(c => c.Hour).Select(c => new { c.Hour, c.LastRefusal }).FirstOrDefaultAsync(ct);
        var signs = new ComponentSigns(lastValid, fault is null ? null : DateTimeOffset.FromUnixTimeSeconds(3600L * (fault.Hour + 1)).AddTicks(-1),
            fault is null ? null : $"a call was refused ({fault.LastRefusal}).", ConnectionWarning.RefusedCalls);
        return ComponentStatus.Judge(component, null, signs, now, window,
            Days(now, hours.Select(h => (DateTimeOffset.FromUnixTimeSeconds(3600L * h.Hour), h.Calls))));
    }

    private static async Task<ComponentStatus> EventsAsync(
        PortalDb db, PortalEnvironment environment, IntegrationComponent component, string source, DateTimeOffset now, TimeSpan window, CancellationToken ct)
    {
        var newest = new List<Sign>();
        foreach (var type in TypesOf(component, source))
        {
            newest.AddRange(await db.Events.Where(e => e.Environment == environment && e.Type == type && e.Id < long.MaxValue).OrderByDescending(e => e.Id).Take(MostLooked)
                .Where(e => e.Source == source && e.Status != null).Select(e => new Sign(e.Id, e.Status!.Value, e.State, e.ReceivedAt)).ToListAsync(ct));
        }
        var valid = newest.FindAll(s => s is { Status: CheckLevel.Ok, State: not EventState.Failed });
        var fault = newest.Where(s => s.Status == CheckLevel.Error || s.State == EventState.Failed).MaxBy(s => s.Id);
        var signs = new ComponentSigns(valid.Count == 0 ? null : valid.Max(s => s.ReceivedAt), fault?.ReceivedAt,
            fault is null ? null : "a field is missing or malformed; the feed says which.", ConnectionWarning.ValidationIssues);
        return ComponentStatus.Judge(component, source, signs, now, window, Days(now, valid.Select(s => (s.ReceivedAt, 1L))));
    }

    private static IReadOnlyList<ComponentDay> Days(DateTimeOffset now, IEnumerable<(DateTimeOffset At, long Count)> counts)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var byDay = counts.GroupBy(c => DateOnly.FromDateTime(c.At.UtcDateTime)).ToDictionary(g => g.Key, g => g.Sum(c => c.Count));
        return [.. Enumerable.Range(0, DaysShown).Select(n => today.AddDays(n + 1 - DaysShown)).Select(day => new ComponentDay(day, byDay.GetValueOrDefault(day)))];
    }

    private sealed record Sign(long Id, CheckLevel Status, EventState State, DateTimeOffset ReceivedAt);
}

using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;
using Portal.Core.Pipeline;

namespace Portal.Core.Rates;

/// <summary>Rates that were given at once.</summary>
/// <param name="Rates">As they stand now, in the order in which they were given.</param>
/// <param name="Added">How many of them are new; the others stood just so.</param>
public sealed record RatesAdded(IReadOnlyList<RateRow> Rates, int Added);

/// <summary>What became of a sheet: all of its rates stand, or none does and the faults say why.</summary>
/// <param name="Added">How many were new.</param>
/// <param name="Same">How many stood just so.</param>
/// <param name="Faults">What is wrong.</param>
public sealed record SheetAdded(int Added, int Same, IReadOnlyList<RateFault> Faults);

/// <summary>Sets rates and takes them back; nothing is ever edited. Whatever depends on a rate is folded again.</summary>
public sealed class RateBook(PortalStore store, InboxSignal signal, TimeProvider clock)
{
    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>The rates that stand, as the fold takes them.</summary>
    public static async Task<RateTable> TableAsync(PortalDb db, PortalEnvironment environment, CancellationToken ct)
    {
        var rows = await db.Rates.Where(r => r.Environment == environment).OrderBy(r => r.Id)
            .Select(r => new { r.Id, r.FromCurrency, r.ToCurrency, r.Day, r.Rate }).ToListAsync(ct);
        return new RateTable(rows.GroupBy(r => (r.FromCurrency, r.ToCurrency, r.Day)).Select(day => day.Last()).Where(r => r.Rate is not null)
            .Select(r => new ExchangeRate(Currency.Parse(r.FromCurrency), Currency.Parse(r.ToCurrency), r.Day, ExactRate.Parse(r.Rate!), r.Id)));
    }

    /// <summary>What stands today, and what was said, newest first.</summary>
    public async Task<RateView> ViewAsync(RateQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var table = await TableAsync(db, query.Environment, ct);
        var newest = table.NewestOn(Today);
        var ids = newest.Select(r => r.Id).ToList();
        var rows = (await RateSearch.RowsAsync(db, db.Rates.Where(r => r.Environment == query.Environment && ids.Contains(r.Id)), ct)).ToDictionary(r => r.Id);
        var pair = query is { From: { } from, To: { } to } ? table.Of(from, to) : newest is [var only] ? table.Of(only.From.Code, only.To.Code) : [];
        return new RateView([.. newest.Select(r => rows[r.Id])], pair, await RateSearch.FindAsync(db, query, ct));
    }

    /// <summary>What was said, newest first.</summary>
    public async Task<Page<RateRow>> FindAsync(RateQuery query, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await RateSearch.FindAsync(db, query, ct);
    }

    /// <summary>Sets rates, all or none of them. One that stands just so is not written again.</summary>
    /// <returns>The rates; problem <c>invalidField</c> about the first that is wrong.</returns>
    public async Task<Outcome<RatesAdded>> AddAsync(PortalEnvironment environment, IReadOnlyList<NewRate> given, Actor actor, CancellationToken ct)
    {
        if (given.Count is 0 or > NewRate.MostAtOnce) return new Problem("invalidField", $"rates must be 1 to {NewRate.MostAtOnce} rates.", "rates");
        var (rates, faults) = NewRate.Read(given, Today);
        if (faults is [var fault, ..])
        {
            var field = given.Count == 1 ? fault.Field : $"rates[{fault.Place}].{fault.Field}";
            return new Problem("invalidField", faults.Count == 1 ? fault.Detail : $"{fault.Detail} {faults.Count - 1} more are wrong; nothing was written.", field);
        }
        var added = await store.WriteAsync(db => Add(db, environment, [.. rates.Zip(given, (rate, g) => (rate, g.Note))], actor), ct);
        if (added.Added > 0) signal.Wake();
        return added;
    }

    /// <summary>Sets the rates of a sheet, all or none of them.</summary>
    public async Task<SheetAdded> AddSheetAsync(PortalEnvironment environment, string? text, Actor actor, CancellationToken ct)
    {
        var sheet = RateSheet.Read(text, Today);
        if (sheet.Faults.Count > 0) return new SheetAdded(0, 0, sheet.Faults);
        return (await AddAsync(environment, sheet.Rates, actor, ct)).TryGet(out var added, out var problem)
            ? new SheetAdded(added.Added, added.Rates.Count - added.Added, [])
            : throw new InvalidOperationException($"The sheet was right and its rates were not: {problem.Detail}");
    }

    /// <summary>Takes a rate back: the pair has none for that day any more, also none that stood before.</summary>
    /// <returns>The row that says so; problems <c>notFound</c>, <c>rateReplaced</c>, <c>invalidField</c>.</returns>
    public async Task<Outcome<RateRow>> WithdrawAsync(PortalEnvironment environment, long id, string? note, Actor actor, CancellationToken ct)
    {
        if (note?.Length > NewRate.LongestNote) return new Problem("invalidField", $"note must have at most {NewRate.LongestNote} characters.", "note");
        var outcome = await store.WriteAsync(db => Withdraw(db, environment, id, note, actor), ct);
        if (outcome.TryGet(out _, out _)) signal.Wake();
        return outcome;
    }

    private RatesAdded Add(PortalDb db, PortalEnvironment environment, IReadOnlyList<(ExchangeRate Rate, string? Note)> given, Actor actor)
    {
        var now = clock.GetUtcNow();
        var standing = Standing(db, environment, [.. given.Select(g => g.Rate)]);
        var written = new List<StoredRate>();
        var rows = new List<StoredRate>();
        foreach (var (rate, note) in given)
        {
            var before = standing.GetValueOrDefault(rate.Name);
            if (before?.Rate != rate.Rate.Text)
            {
                written.Add(Row(environment, rate, rate.Rate.Text, note, now, actor));
                db.Audit(actor, now, environment, "exchangeRate.set", rate.Name, before?.Rate, rate.Rate.Text);
            }
            rows.Add(before?.Rate == rate.Rate.Text ? before! : written[^1]);
        }
        if (written.Count > 0)
        {
            db.Rates.AddRange(written);
            var first = ExchangeRate.NameOf(written[0].FromCurrency, written[0].ToCurrency, written[0].Day);
            AskForFold(db, environment, written.Count == 1 ? first : $"{first}+{written.Count - 1}", now);
            db.SaveChanges();
        }
        return new RatesAdded([.. rows.Select(r => RateRow.Of(r, isNewest: true))], written.Count);
    }

    private Outcome<RateRow> Withdraw(PortalDb db, PortalEnvironment environment, long id, string? note, Actor actor)
    {
        if (db.Rates.SingleOrDefault(r => r.Id == id && r.Environment == environment) is not { } stored)
            return new Problem("notFound", $"There is no exchange rate {id} in {environment.Slug()}.", Kind: ProblemKind.Missing);
        var newest = db.Rates.Where(r => r.Environment == environment && r.FromCurrency == stored.FromCurrency && r.ToCurrency == stored.ToCurrency && r.Day == stored.Day)
            .OrderByDescending(r => r.Id).First();
        if (newest.Rate is null) return new Problem("rateReplaced", $"This day's rate was taken back already, by {newest.CreatedBy}.", Kind: ProblemKind.Conflict);
        if (newest.Id != id) return new Problem("rateReplaced", $"Rate {id} was replaced by rate {newest.Id}: withdraw that one.", Kind: ProblemKind.Conflict);
        var now = clock.GetUtcNow();
        var name = ExchangeRate.NameOf(stored.FromCurrency, stored.ToCurrency, stored.Day);
        var rate = new ExchangeRate(Currency.Parse(stored.FromCurrency), Currency.Parse(stored.ToCurrency), stored.Day, ExactRate.Parse(stored.Rate!), 0);
        var back = Row(environment, rate, null, note, now, actor);
        db.Rates.Add(back);
        db.Audit(actor, now, environment, "exchangeRate.withdrawn", name, stored.Rate, note);
        AskForFold(db, environment, name, now);
        db.SaveChanges();
        return RateRow.Of(back, isNewest: true);
    }

    /// <summary>What stands for the pairs and days of these, by name; a rate that was taken back stands as a row without a rate.</summary>
    private static Dictionary<string, StoredRate> Standing(PortalDb db, PortalEnvironment environment, IReadOnlyList<ExchangeRate> rates)
    {
        var standing = new Dictionary<string, StoredRate>();
        foreach (var pair in rates.GroupBy(r => (From: r.From.Code, To: r.To.Code)))
        {
            var (from, to, first, last) = (pair.Key.From, pair.Key.To, pair.Min(r => r.Day), pair.Max(r => r.Day));
            foreach (var row in db.Rates.Where(r => r.Environment == environment && r.FromCurrency == from && r.ToCurrency == to && r.Day >= first && r.Day <= last).OrderBy(r => r.Id))
                standing[ExchangeRate.NameOf(from, to, row.Day)] = row;
        }
        return standing;
    }

    private static StoredRate Row(PortalEnvironment environment, ExchangeRate rate, string? text, string? note, DateTimeOffset now, Actor actor) => new()
    {
        Environment = environment,
        FromCurrency = rate.From.Code,
        ToCurrency = rate.To.Code,
        Day = rate.Day,
        Rate = text,
        Note = string.IsNullOrWhiteSpace(note) ? null : note.Trim(),
        CreatedAt = now,
        CreatedBy = actor.Name,
    };

    private static void AskForFold(PortalDb db, PortalEnvironment environment, string rate, DateTimeOffset now) =>
        db.RefoldRequests.Add(new RefoldRequest { Environment = environment, CauseKind = "rate", CauseId = rate, RequestedAt = now });
}

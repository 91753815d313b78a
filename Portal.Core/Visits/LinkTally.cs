using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Data;

namespace Portal.Core.Visits;

/// <summary>
/// Counts how often links are opened. Visits are gathered for a second and written together, so that a flood costs a write a second and a
/// redirect waits for none; a crash loses that second. Of a visitor a digest is kept, by a salt that all portals share and that goes with its day.
/// </summary>
public sealed class LinkTally(PortalStore store, TimeProvider clock)
{
    /// <summary>The most visitors that are told apart between two writes; beyond them only views are counted.</summary>
    public const int MostVisitors = 5_000;

    private const int AskedAtOnce = 500;

    private readonly Lock _gathering = new();
    private Dictionary<Link, Gathered> _gathered = [];
    private int _visitors;
    private int _forgotten;

    /// <summary>Notes a visit, in memory.</summary>
    /// <param name="environment">Whose.</param>
    /// <param name="code">The code of the link.</param>
    /// <param name="visitor">What tells one visitor from another: address and browser. It is not kept.</param>
    public void Note(PortalEnvironment environment, string code, string visitor)
    {
        var link = new Link(environment, DayOf(clock.GetUtcNow()), code);
        lock (_gathering)
        {
            if (!_gathered.TryGetValue(link, out var gathered)) _gathered[link] = gathered = new Gathered();
            gathered.Views++;
            if (_visitors < MostVisitors && gathered.Visitors.Add(visitor)) _visitors++;
        }
    }

    /// <summary>Writes what was gathered; what cannot be written now is written the next time.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        var today = DayOf(clock.GetUtcNow());
        Dictionary<Link, Gathered> taken;
        lock (_gathering)
        {
            if (_gathered.Count == 0 && _forgotten == today) return;
            (taken, _gathered, _visitors) = (_gathered, [], 0);
        }
        try
        {
            await store.WriteAsync(db => Write(db, taken, today), ct);
            _forgotten = today;
        }
        catch
        {
            PutBack(taken);
            throw;
        }
    }

    private static int DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime).DayNumber;

    private static void Write(PortalDb db, Dictionary<Link, Gathered> taken, int today)
    {
        foreach (var day in taken.GroupBy(t => (t.Key.Environment, t.Key.Day)).OrderBy(d => d.Key.Day))
        {
            var (environment, number) = day.Key;
            var salt = SaltOf(db, number, today);
            var codes = day.Select(d => d.Key.Code).ToList();
            var views = codes.Chunk(AskedAtOnce)
                .SelectMany(some => db.LinkViews.Where(v => v.Environment == environment && some.Contains(v.Code) && v.Day == number).ToList())
                .ToDictionary(v => v.Code, StringComparer.Ordinal);
            foreach (var (link, gathered) in day)
            {
                if (!views.TryGetValue(link.Code, out var view)) db.LinkViews.Add(view = new LinkView { Environment = environment, Code = link.Code, Day = number });
                view.Views += gathered.Views;
                view.Visitors += salt is null ? 0 : AddVisitors(db, link, gathered.Visitors, salt);
            }
        }
        db.SaveChanges();
        Forget(db, today);
    }

    /// <summary>The day's salt, made where today has none yet. A day whose salt is gone gets no other: its last visits count as views alone.</summary>
    private static byte[]? SaltOf(PortalDb db, int day, int today)
    {
        if ((db.VisitSalts.Local.FirstOrDefault(s => s.Day == day) ?? db.VisitSalts.FirstOrDefault(s => s.Day == day)) is { } there) return there.Salt;
        if (day != today) return null;
        var salt = new VisitSalt { Day = day, Salt = RandomNumberGenerator.GetBytes(32) };
        db.VisitSalts.Add(salt);
        return salt.Salt;
    }

    /// <summary>Adds those who were not there yet.</summary>
    /// <returns>How many.</returns>
    private static int AddVisitors(PortalDb db, Link link, IEnumerable<string> visitors, byte[] salt)
    {
        var added = 0;
        foreach (var some in visitors.Select(v => HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes($"{link.Code}\n{v}"))[..16]).Chunk(AskedAtOnce))
        {
            var known = db.LinkVisitors.Where(v => v.Environment == link.Environment && v.Day == link.Day && v.Code == link.Code && some.Contains(v.Digest))
                .Select(v => v.Digest).AsEnumerable().Select(Convert.ToHexString).ToHashSet();
            foreach (var digest in some.Where(d => !known.Contains(Convert.ToHexString(d))))
            {
                db.LinkVisitors.Add(new LinkVisitor { Environment = link.Environment, Day = link.Day, Code = link.Code, Digest = digest });
                added++;
            }
        }
        return added;
    }

    /// <summary>Throws away what earlier days' visitors left.</summary>
    private static void Forget(PortalDb db, int today)
    {
        if (!db.VisitSalts.Any(s => s.Day < today)) return;
        foreach (var environment in PortalEnvironments.All) db.LinkVisitors.Where(v => v.Environment == environment && v.Day < today).ExecuteDelete();
        db.VisitSalts.Where(s => s.Day < today).ExecuteDelete();
    }

    private void PutBack(Dictionary<Link, Gathered> taken)
    {
        lock (_gathering)
        {
            foreach (var (link, gathered) in taken)
            {
                if (!_gathered.TryGetValue(link, out var now)) _gathered[link] = now = new Gathered();
                now.Views += gathered.Views;
                foreach (var visitor in gathered.Visitors)
                {
                    if (_visitors < MostVisitors && now.Visitors.Add(visitor)) _visitors++;
                }
            }
        }
    }

    private readonly record struct Link(PortalEnvironment Environment, int Day, string Code);

    private sealed class Gathered
    {
        public long Views { get; set; }

        public HashSet<string> Visitors { get; } = new(StringComparer.Ordinal);
    }
}

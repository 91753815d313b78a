using System.Globalization;

namespace Portal.Core.Sqlite;

/// <summary>The directory of the daily backups: named by their time, the newest kept, whatever else lies there left alone.</summary>
/// <param name="directory">Where.</param>
/// <param name="keep">How many.</param>
public sealed class BackupShelf(string directory, int keep)
{
    private const string Format = "'portal-'yyyyMMdd'-'HHmmss'.db'";

    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>When the newest backup was made; null without any.</summary>
    public DateTimeOffset? NewestAt() => Backups().Select(b => (DateTimeOffset?)b.At).Max();

    /// <summary>The name of a backup that is made now.</summary>
    public string PathAt(DateTimeOffset now)
    {
        Directory.CreateDirectory(directory);
        return Path.Combine(directory, now.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
    }

    /// <summary>Takes away what is more than is to be kept, and what a crash left unfinished.</summary>
    /// <returns>How many backups went.</returns>
    public int Trim(DateTimeOffset now)
    {
        if (!Directory.Exists(directory)) return 0;
        foreach (var part in Directory.EnumerateFiles(directory, $"portal-*{SqliteBackup.Unfinished}").Where(f => now - File.GetLastWriteTimeUtc(f) > Abandoned).ToList()) File.Delete(part);
        var surplus = Backups().OrderByDescending(b => b.At).Skip(keep).ToList();
        foreach (var backup in surplus) File.Delete(backup.Path);
        return surplus.Count;
    }

    private List<(string Path, DateTimeOffset At)> Backups()
    {
        var found = new List<(string, DateTimeOffset)>();
        if (!Directory.Exists(directory)) return found;
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            if (DateTimeOffset.TryParseExact(Path.GetFileName(path), Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) found.Add((path, at));
        }
        return found;
    }
}

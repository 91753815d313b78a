using System.Text.Json;

namespace Portal.Demo;

/// <summary>What a demo's data directory says of itself: which history it holds, so that another start tells the same one or none.</summary>
/// <param name="Seed">Of the history.</param>
/// <param name="Customers">How many it has.</param>
/// <param name="EndsAt">Its last moment; null until it has begun.</param>
/// <param name="IsComplete">Whether all of it arrived.</param>
internal sealed record DemoNote(int Seed, int Customers, DateTimeOffset? EndsAt, bool IsComplete);

/// <summary>The file that marks a data directory as a demo's.</summary>
/// <param name="directory">The data directory.</param>
internal sealed class DemoMark(string directory)
{
    private const string FileName = "demo.json";

    private string FilePath => Path.Combine(directory, FileName);

    /// <summary>Marks a directory before anything else lies in it, so that a start that fails is no obstacle to the next; false for another portal's.</summary>
    public bool TryClaim(DemoNote note)
    {
        if (File.Exists(FilePath)) return true;
        if (File.Exists(Path.Combine(directory, "portal.db"))) return false;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Write(note);
        return true;
    }

    /// <summary>The note, if there is a readable one.</summary>
    public DemoNote? Read()
    {
        try
        {
            return File.Exists(FilePath) ? JsonSerializer.Deserialize<DemoNote>(File.ReadAllBytes(FilePath)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Leaves the note.</summary>
    public void Write(DemoNote note) => File.WriteAllText(FilePath, JsonSerializer.Serialize(note));
}

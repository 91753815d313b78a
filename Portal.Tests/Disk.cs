using System.Text;

namespace Portal.Tests;

/// <summary>Looks for a text in every file of a directory, as a thief with a copy of the disk would.</summary>
internal static class Disk
{
    public static bool Holds(string directory, string text) => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).Any(path => BytesOf(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    /// <summary>A journal may be gone again before it is opened: then there is nothing of it on the disk.</summary>
    private static byte[] BytesOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }
}

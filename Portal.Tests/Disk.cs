using System.Text;

namespace Portal.Tests;

/// <summary>Looks for a text in every file of a directory, as a thief with a copy of the disk would.</summary>
internal static class Disk
{
    public static bool Holds(string directory, string text) => Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).Any(path => BytesOf(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    private static byte[] BytesOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}

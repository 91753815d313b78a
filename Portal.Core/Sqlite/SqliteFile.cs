using System.Buffers.Binary;

namespace Portal.Core.Sqlite;

/// <summary>
/// What a database file says of itself in its first hundred bytes. A backup is told from a database in use by two marks: the portal's
/// number, which every backup carries, and the journal mode, which is the log's (2) from the first start on and was never that before (1).
/// Never to be asked of a database that this process has open: closing a file gives up all locks that the process holds on it.
/// </summary>
internal static class SqliteFile
{
    /// <summary>The portal's number in a backup's header ("RefP").</summary>
    public const int Mark = 0x52656650;

    private const int HeaderLength = 100;
    private const int JournalAt = 18;
    private const int MarkAt = 68;

    /// <summary>Whether a file is a backup that no portal has opened since.</summary>
    public static bool IsBackup(string path)
    {
        if (!File.Exists(path)) return false;
        var header = new byte[HeaderLength];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength
            && header.AsSpan().StartsWith("SQLite format 3\0"u8) && header[JournalAt] == 1
            && BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(MarkAt)) == Mark;
    }

    /// <summary>
    /// Whether a log lies beside a backup that was copied back: it belongs to the database that stood there before, and SQLite, which cannot
    /// know that, would write the old pages over the restored ones.
    /// </summary>
    public static bool HasForeignLog(string path) => IsBackup(path) && new FileInfo(path + "-wal") is { Exists: true, Length: > 0 };

    /// <summary>Puts such a log aside, where nothing reads it.</summary>
    /// <returns>Where it is now; null where there was none.</returns>
    public static string? PutForeignLogAside(string path)
    {
        if (!HasForeignLog(path)) return null;
        var aside = $"{path}-wal.of-the-replaced-database";
        File.Move(path + "-wal", aside, overwrite: true);
        File.Delete(path + "-shm");
        return aside;
    }
}

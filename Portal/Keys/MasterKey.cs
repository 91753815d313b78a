using System.Security.Cryptography;
using System.Text;
using Portal.Hosting;

namespace Portal.Keys;

/// <summary>The master key is missing, wrong or unreadable. The message names the setting and says what to do.</summary>
public sealed class MasterKeyException(string message) : Exception(message);

/// <summary>
/// The one key that is not in the database and encrypts the key ring that is: a copy of the database alone reveals nothing, and
/// with this one file a copy is whole again.
/// </summary>
public sealed class MasterKey
{
    /// <summary>Bytes of a master key.</summary>
    public const int Size = 32;

    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly byte[] Purpose = Encoding.UTF8.GetBytes("portal key ring 1");
    private readonly byte[] _key;

    private MasterKey(byte[] key, string origin)
    {
        (_key, Origin) = (key, origin);
        Fingerprint = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("portal master key fingerprint")))[..12];
    }

    /// <summary>Tells master keys apart without telling them.</summary>
    public string Fingerprint { get; }

    /// <summary>Where it came from, for messages.</summary>
    public string Origin { get; }

    /// <summary>The configured key; without one, that of the default file, if it is there.</summary>
    /// <exception cref="MasterKeyException">What is configured is no master key.</exception>
    public static MasterKey? Find(PortalOptions options)
    {
        if (options.MasterKey is { Length: > 0 } text) return Read(text, "Portal:MasterKey");
        var path = PathOf(options);
        if (File.Exists(path)) return Read(File.ReadAllText(path), $"the file {path} (Portal:MasterKeyFile)");
        return options.MasterKeyFile is { Length: > 0 }
            ? throw new MasterKeyException($"Portal:MasterKeyFile: there is no file {path}. Put the master key there: 32 random bytes as base64, such as 'openssl rand -base64 32' prints.")
            : null;
    }

    /// <summary>Makes a new one in the default file, which nobody else may read.</summary>
    public static MasterKey Make(PortalOptions options)
    {
        var path = PathOf(options);
        var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size));
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = OwnerReadsAndWrites;
        using (var file = new FileStream(path, how))
        {
            file.Write(Encoding.ASCII.GetBytes(text + "\n"));
            file.Flush(flushToDisk: true);
        }
        return Read(text, $"the file {path} (Portal:MasterKeyFile)");
    }

    /// <summary>Where the file is, or would be.</summary>
    public static string PathOf(PortalOptions options) =>
        options.MasterKeyFile is { Length: > 0 } file ? Path.GetFullPath(file) : options.DataPath("master.key");

    /// <summary>Encrypts with AES-256-GCM: nonce, tag, text.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        var sealedBytes = new byte[NonceSize + TagSize + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        var tag = sealedBytes.AsSpan(NonceSize, TagSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceSize + TagSize), tag, Purpose);
        return sealedBytes;
    }

    /// <summary>The reverse.</summary>
    /// <exception cref="CryptographicException">It was encrypted under another key, or changed since.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceSize + TagSize) throw new CryptographicException("The element is too short.");
        var plain = new byte[sealedBytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(sealedBytes[..NonceSize], sealedBytes[(NonceSize + TagSize)..], sealedBytes.Slice(NonceSize, TagSize), plain, Purpose);
        return plain;
    }

    private static MasterKey Read(string text, string origin)
    {
        var key = new byte[Size];
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == Size
            ? new MasterKey(key, origin)
            : throw new MasterKeyException($"Portal:MasterKey: {origin} does not hold 32 bytes as base64, such as 'openssl rand -base64 32' prints.");
    }
}

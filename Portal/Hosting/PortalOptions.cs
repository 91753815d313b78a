using Microsoft.Extensions.Options;

namespace Portal.Hosting;

/// <summary>Where the portal lives: section <c>Portal</c>.</summary>
public sealed class PortalOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Portal";

    /// <summary>Base of the URLs shown to people, without a slash at its end; the first of <c>Urls</c> unless set.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Databases, keys and backups; relative to the current directory.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Proxies (addresses or networks such as <c>10.0.0.0/8</c>) whose <c>X-Forwarded-For</c> and <c>-Proto</c> are believed.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>The key under which the database's key ring is encrypted: 32 bytes as base64. Every instance needs the same.</summary>
    public string? MasterKey { get; set; }

    /// <summary>A file that holds it; <c>master.key</c> in the data directory unless set, made at the first start.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>Gives up a key ring whose master key is lost, and all that it encrypts. Does nothing while the master key fits.</summary>
    public bool ForgetKeyRing { get; set; }

    /// <summary>Whether everybody who signs in must have a second factor.</summary>
    public bool RequireSecondFactor { get; set; }

    /// <summary>A path inside the data directory.</summary>
    public string DataPath(string name) => Path.GetFullPath(Path.Combine(DataDirectory, name));

    /// <summary>Whether people reach the portal by https.</summary>
    public bool IsHttps => PublicUrl?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;
}

internal sealed class PortalOptionsRules(IConfiguration configuration) : IPostConfigureOptions<PortalOptions>, IValidateOptions<PortalOptions>
{
    private static readonly string[] Anywhere = ["//*", "//+", "//0.0.0.0", "//[::]"];

    private string[] Urls => (configuration["Urls"] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public void PostConfigure(string? name, PortalOptions options)
    {
        var url = string.IsNullOrWhiteSpace(options.PublicUrl) ? Urls.FirstOrDefault() ?? "http://localhost:5080" : options.PublicUrl;
        foreach (var any in Anywhere) url = url.Replace(any, "//localhost", StringComparison.Ordinal);
        options.PublicUrl = url.TrimEnd('/');
    }

    public ValidateOptionsResult Validate(string? name, PortalOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        foreach (var url in Urls.Where(u => !IsListenable(u))) faults.AddError($"Urls: '{url}' is not an address to listen on, such as http://localhost:5080.");
        if (!Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query + uri.Fragment != "")
            faults.AddError($"Portal:PublicUrl: '{options.PublicUrl}' is not an absolute http or https URL.");
        if (string.IsNullOrWhiteSpace(options.DataDirectory)) faults.AddError("Portal:DataDirectory: names no directory.");
        else if (File.Exists(options.DataDirectory)) faults.AddError($"Portal:DataDirectory: '{options.DataDirectory}' is a file, not a directory.");
        if (options is { MasterKey.Length: > 0, MasterKeyFile.Length: > 0 }) faults.AddError("Portal:MasterKey: set it or Portal:MasterKeyFile, not both.");
        foreach (var proxy in options.TrustedProxies.Where(p => !TryParseNetwork(p, out _)))
            faults.AddError($"Portal:TrustedProxies: '{proxy}' is neither an IP address nor a network such as 10.0.0.0/8.");
        return faults.Build();
    }

    public static bool TryParseNetwork(string text, out System.Net.IPNetwork network)
    {
        if (System.Net.IPNetwork.TryParse(text, out network)) return true;
        if (!System.Net.IPAddress.TryParse(text, out var address)) return false;
        network = new(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 128 : 32);
        return true;
    }

    private static bool IsListenable(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http" or "https", PathBase: "" };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Portal.Scripts;

/// <summary>
/// The scripts that products embed, as files beside the program: read once, known by their content. A browser keeps one for some minutes
/// and then asks by its tag, so that a new version is everywhere soon and nothing is sent twice.
/// </summary>
internal sealed class ScriptFiles
{
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, ScriptFile> _files = Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "scripts"), "*", SearchOption.AllDirectories)
        .Where(path => Types.ContainsKey(Path.GetExtension(path)))
        .Select(path => ScriptFile.Read(Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "scripts"), path).Replace('\\', '/'), path))
        .ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Answers with a file of <c>Portal/Scripts/client</c> by its path there; 404 for no such file.</summary>
    public async Task AnswerAsync(HttpContext context, string name)
    {
        var response = context.Response;
        response.Headers.AccessControlAllowOrigin = "*";   // a page of any origin loads it as a module
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (!_files.TryGetValue(name, out var file))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        response.Headers.CacheControl = "public, max-age=300, must-revalidate";
        response.Headers.ETag = file.Tag;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (IsKnown(context.Request.Headers.IfNoneMatch, file.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = Types[Path.GetExtension(file.Name)];
        var body = TakesGzip(context.Request.Headers.AcceptEncoding) ? file.Zipped : file.Plain;
        if (body == file.Zipped) response.Headers.ContentEncoding = "gzip";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static bool IsKnown(StringValues known, string tag) => known.Any(k => k is not null && (k == "*" || k.Contains(tag, StringComparison.Ordinal)));

    private static bool TakesGzip(StringValues accepted) => accepted.Any(a => a is not null && a.Contains("gzip", StringComparison.OrdinalIgnoreCase));

    private sealed record ScriptFile(string Name, string Tag, byte[] Plain, byte[] Zipped)
    {
        public static ScriptFile Read(string name, string path)
        {
            var plain = File.ReadAllBytes(path);
            using var zipped = new MemoryStream();
            using (var gzip = new GZipStream(zipped, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(plain);
            return new(name, $"\"{Convert.ToHexStringLower(SHA256.HashData(plain)[..16])}\"", plain, zipped.ToArray());
        }
    }
}

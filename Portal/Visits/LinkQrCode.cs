using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Portal.Core.Referrers;
using Portal.Hosting;
using QRCoder;

namespace Portal.Visits;

/// <summary>An invite link as a QR code: black on white with the quiet zone that readers need, as one path.</summary>
internal static class LinkQrCode
{
    public static IResult Answer(HttpContext context, string ucc, IOptions<PortalOptions> options)
    {
        if (!ReferrerRegister.IsCode(ucc)) return TypedResults.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=86400";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";   // a product shows it in its own pages
        return TypedResults.Text(Draw(PortalUrls.Invite(options.Value.PublicUrl!, ucc)), "image/svg+xml", Encoding.UTF8);
    }

    /// <summary>A text as a QR code of error correction level M.</summary>
    public static string Draw(string text)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var (rows, path) = (code.ModuleMatrix, new StringBuilder());
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
            {
                var from = x;
                while (x < rows[y].Count && rows[y][x]) x++;
                if (x > from) path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
            }
        }
        return string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {rows.Count} {rows.Count}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{rows.Count}v{rows.Count}H0z\"/><path d=\"{path}\"/></svg>");
    }
}

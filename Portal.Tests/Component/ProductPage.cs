using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portal.Tests.Component;

/// <summary>A product's own site: another origin than the portal's, under a Content-Security-Policy that allows no inline script or style and the portal only.</summary>
internal sealed class ProductPage : IAsyncDisposable
{
    private const string Script = """
        window.cello = window.cello || { cmd: [] };
        const options = JSON.parse(document.body.dataset.boot);
        options.onTokenExpiring = () => { document.body.dataset.expiring = 'yes'; };
        options.onTokenExpired = () => { document.body.dataset.expired = 'yes'; };
        window.cello.cmd.push(async cello => {
          try {
            await cello.boot(options);
            document.body.dataset.booted = 'yes';
          } catch (error) {
            document.body.dataset.failed = error.message;
          }
        });
        """;

    private readonly WebApplication _site;

    private ProductPage(WebApplication site) => _site = site;

    public Uri Address { get; private set; } = null!;

    /// <summary>Serves pages that boot with the options that <paramref name="options"/> makes for a path.</summary>
    public static async Task<ProductPage> ServeAsync(Uri portal, Func<string, object> options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var origin = portal.GetLeftPart(UriPartial.Authority);
        var page = new ProductPage(builder.Build());
        page._site.Run(async context =>
        {
            context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'self' {origin}; connect-src {origin}; img-src {origin}; style-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";
            if (context.Request.Path == "/favicon.ico") return;
            if (context.Request.Path == "/page.js")
            {
                context.Response.ContentType = "text/javascript";
                await context.Response.WriteAsync(Script);
                return;
            }
            if (context.Request.Path == "/page.css")
            {
                context.Response.ContentType = "text/css";
                await context.Response.WriteAsync("* { color: red !important; font-size: 60px; } body { background: #eef; } @media (prefers-color-scheme: dark) { body { background: #112; } }");
                return;
            }
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync($"""
                <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Orbit</title>{(context.Request.Path == "/plain" ? "" : "<link rel=stylesheet href=/page.css>")}</head>
                <body data-boot="{WebUtility.HtmlEncode(JsonSerializer.Serialize(options(context.Request.Path)))}"><main><h1>Orbit</h1><p><button type="button" id="other">Something else</button></p><nav id="menu"></nav></main>
                <script src="/page.js"></script><script type="module" src="{origin}/assets/app/latest/cello.js"></script></body></html>
                """);
        });
        await page._site.StartAsync();
        var bound = new Uri(page._site.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        page.Address = new Uri($"http://{(portal.Host == "localhost" ? "127.0.0.1" : "localhost")}:{bound.Port}/");   // another site, not only another port
        return page;
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();
}

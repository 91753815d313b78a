using Portal.Core.Visits;

namespace Portal.Visits;

/// <summary>An invite link: notes the view and sends the visitor on, whatever else may be wrong.</summary>
internal static class LinkRedirect
{
    private const int LongestBrowser = 300;

    private const string NoPage =
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><link rel=\"icon\" href=\"data:,\">" +
        "<title>This link works</title><style>:root{color-scheme:light dark}body{font:1.05rem/1.6 system-ui,sans-serif;max-width:32rem;margin:18vh auto 0;padding:0 1.5rem}</style></head>" +
        "<body><main><h1>This link works</h1><p>You were invited, but the page that it should lead to is not set yet. Please come back later, or tell whoever sent you the link.</p></main></body></html>";

    public static async Task AnswerAsync(HttpContext context, string? ucc, LinkBook book, LinkTally tally)
    {
        var target = await book.FollowAsync(ucc, context.RequestAborted);
        var request = context.Request;
        if (target.Counted is { } code && HttpMethods.IsGet(request.Method) && Visit.Counts(request.Headers.UserAgent, Purposes(request)))
            tally.Note(code.Environment, code.Code, Visitor(context));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Robots-Tag"] = "noindex";
        if (target.Address is { } address)
        {
            context.Response.Redirect(address);
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        if (HttpMethods.IsGet(request.Method)) await context.Response.WriteAsync(NoPage, context.RequestAborted);
    }

    private static string Purposes(HttpRequest request) =>
        $"{request.Headers["Sec-Purpose"]} {request.Headers["Purpose"]} {request.Headers["X-Purpose"]} {request.Headers["X-Moz"]}";

    /// <summary>Who looks, for as long as it takes to make a digest of it.</summary>
    private static string Visitor(HttpContext context)
    {
        var browser = context.Request.Headers.UserAgent.ToString();
        return $"{context.Connection.RemoteIpAddress}\n{(browser.Length > LongestBrowser ? browser[..LongestBrowser] : browser)}";
    }
}

using System.Text.RegularExpressions;

namespace Portal.Core.Visits;

/// <summary>Whether a person opens a link, as far as the request's own words tell.</summary>
public static partial class Visit
{
    /// <summary>Whether it counts: not for a program that names itself one or says nothing, and not for a browser that only looks ahead.</summary>
    /// <param name="userAgent">What the browser calls itself.</param>
    /// <param name="purposes">What <c>Sec-Purpose</c>, <c>Purpose</c>, <c>X-Purpose</c> and <c>X-Moz</c> say.</param>
    public static bool Counts(string? userAgent, string purposes) =>
        !string.IsNullOrWhiteSpace(userAgent) && !Program().IsMatch(userAgent) && !LookAhead().IsMatch(purposes);

    /// <summary>Crawlers, previewers of messengers, monitors, mail scanners and libraries. A CUBOT is a telephone.</summary>
    [GeneratedRegex(
        @"(?<!cu)bot\b|(?<!cu)bot[/_ -]|crawl|spider|slurp|archiver|preview|prerender|scan|monitor|uptime|pingdom|lighthouse|headless|phantom|externalhit|externalagent|externalfetcher|" +
        @"facebookcatalog|^whatsapp|telegram|slack-imgproxy|embedly|iframely|vkshare|feedfetcher|mediapartners|google-|googleother|apis-google|bitlybot|yandex(?!search|browser)|baidu(?=spider)|" +
        @"^curl|^wget|^python|^java|^okhttp|^go-http|^axios|^node|^undici|^ruby|^perl|^php|^libwww|^apache-http|^dart|^postman|^insomnia|^http",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Program();

    [GeneratedRegex("prefetch|prerender|preview", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LookAhead();
}

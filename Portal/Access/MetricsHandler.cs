using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Hosting;
using Portal.Telemetry;

namespace Portal.Access;

/// <summary>Lets a scraper in that calls from this machine itself, or that knows the token of <c>Telemetry:MetricsToken</c>.</summary>
internal sealed class MetricsHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<TelemetryOptions> telemetry)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    /// <summary>A request with one of these was passed on by a proxy that is not believed: who calls is not known.</summary>
    private static readonly string[] PassedOn = ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via"];

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsFromHere() && !HasToken()) return Task.FromResult(AuthenticateResult.NoResult());
        var scraper = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "metrics")], Scheme.Name));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(scraper, Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ApiProblem.ForStatus(StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }

    private bool IsFromHere() => Context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !PassedOn.Any(Request.Headers.ContainsKey);

    private bool HasToken()
    {
        var header = Request.Headers.Authorization.ToString();
        return telemetry.Value.MetricsToken is { } token && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(header[Prefix.Length..].Trim()), Hash(token));
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Portal.Core;
using Portal.Core.Access;
using Portal.Hosting;

namespace Portal.Access;

/// <summary>Lets a program in by its access token, while the token's key lives and only into the key's environment.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessTokens tokens, AccessKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        if (!PortalEnvironments.TryParse(EnvironmentSegment(), out var environment)) return AuthenticateResult.NoResult();
        if (tokens.Read(header[Prefix.Length..].Trim(), TokenKind.Access, environment) is not { } id
            || await keys.FindLivingAsync(environment, id, Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.Fail("The token is unknown, expired, revoked or for another environment.");
        }
        await keys.NoteUseAsync(key, Context.RequestAborted);
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, $"key:{key.AccessKeyId}"), new(PortalClaims.Scope, key.Scope)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Request.Headers.Authorization.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
        return ApiProblem.ForStatus(StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ApiProblem.ForStatus(StatusCodes.Status403Forbidden).ExecuteAsync(Context);

    /// <summary>From the path itself, so that a path which no endpoint serves is judged the same way.</summary>
    private string? EnvironmentSegment() => Request.Path.Value?.Split('/') is [_, _, { } environment, ..] ? environment : null;
}

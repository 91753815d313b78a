using System.Text.Json;
using Portal.Core;
using Portal.Core.Access;
using Portal.Hosting;

namespace Portal.Access;

/// <summary><c>POST /api/{environment}/token</c>: an access key, or a refresh token, for an access token.</summary>
internal static class TokenEndpoint
{
    private static readonly JsonDocumentOptions Shallow = new() { MaxDepth = 4 };

    public static void MapToken(this IEndpointRouteBuilder routes) => routes.MapPost("/api/{environment}/token", IssueAsync)
        .AllowAnonymous().DisableAntiforgery().RequireRateLimiting(RateLimits.Token).WithTags("Token")
        .WithSummary("Exchanges an access key, or a refresh token, for an access token.")
        .Accepts<TokenRequest>("application/json").Produces<TokenResponse>(201).ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(429);

    private static async Task<IResult> IssueAsync(string environment, HttpContext context, AccessKeys keys, AccessTokens tokens, CancellationToken ct)
    {
        if (!PortalEnvironments.TryParse(environment, out var world)) return ApiProblem.UnknownEnvironment();
        if (!(await ReadAsync(context.Request, ct)).TryGet(out var request, out var problem)) return ApiProblem.From(problem);
        context.Response.Headers.CacheControl = "no-store";
        var accessFor = (int)AccessTokens.AccessLifetime.TotalSeconds;
        if (request.RefreshToken is { } refreshToken)
        {
            return tokens.Read(refreshToken, TokenKind.Refresh, world) is { } id && await keys.FindLivingAsync(world, id, ct) is not null
                ? TypedResults.Created((string?)null, new RefreshTokenResponse(tokens.Issue(TokenKind.Access, world, id), accessFor))
                : ApiProblem.Of(StatusCodes.Status401Unauthorized, "invalidCredentials", "Invalid API Credentials");
        }
        if (await keys.VerifyAsync(world, request.AccessKeyId!, request.SecretAccessKey!, ct) is not { } key)
            return ApiProblem.Of(StatusCodes.Status401Unauthorized, "invalidCredentials", "Invalid API Credentials");
        return TypedResults.Created((string?)null, new TokenResponse(
            tokens.Issue(TokenKind.Access, world, key.Id), tokens.Issue(TokenKind.Refresh, world, key.Id), accessFor, (int)AccessTokens.RefreshLifetime.TotalSeconds));
    }

    /// <summary>Reads the body by hand, so that the answer can name the field that is wrong.</summary>
    private static async Task<Outcome<TokenRequest>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, Shallow, ct);
            if (body.RootElement.ValueKind != JsonValueKind.Object) return new Problem("malformedBody", "The body must be a JSON object.");
            if (body.RootElement.TryGetProperty("refreshToken", out _))
                return TryRead(body, "refreshToken", out var refresh, out var fault) ? new TokenRequest(null, null, refresh) : fault;
            if (!TryRead(body, "accessKeyId", out var id, out var idFault)) return idFault;
            return TryRead(body, "secretAccessKey", out var secret, out var secretFault) ? new TokenRequest(id, secret, null) : secretFault;
        }
        catch (JsonException)
        {
            return new Problem("malformedBody", "The body is not JSON.");
        }
    }

    private static bool TryRead(JsonDocument body, string field, out string value, out Problem fault)
    {
        value = body.RootElement.TryGetProperty(field, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString()! : "";
        fault = new("missingField", $"{field} is required and must be a string that is not empty.", field);
        return value.Length > 0;
    }

    private sealed record TokenRequest(string? AccessKeyId, string? SecretAccessKey, string? RefreshToken);

    private sealed record TokenResponse(string AccessToken, string RefreshToken, int ExpiresIn, int RefreshTokenExpiresIn);

    private sealed record RefreshTokenResponse(string AccessToken, int ExpiresIn);
}

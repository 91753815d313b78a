using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Products;

namespace Portal.Access;

/// <summary>The room's front door: who may come in, as a person or as a program, and how that is proved.</summary>
public static class AccessRegistration
{
    private const int HashIterations = 210_000;   // PBKDF2 with HMAC-SHA512, OWASP's figure

    /// <summary>People, programs, secrets, and the rule that whatever says nothing is closed.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddPeople();
        services.AddPrograms();
        services.AddSingleton<SigningSecrets>();
        services.AddSingleton<BasicCredentials>();
        services.AddSingleton<ProductSecrets>();
        services.AddSingleton<ProductRegister>();
        services.AddSingleton<ScriptPulse>();
        services.AddScoped<CurrentActor>();
        services.AddSingleton<AuditSearch>();
        services.AddAccessRateLimits();
        services.AddAntiforgery();
        services.AddAuthentication(Schemes.ByPath)
            .AddPolicyScheme(Schemes.ByPath, null, by => by.ForwardDefaultSelector =
                context => context.Request.Path.StartsWithSegments("/api") ? Schemes.Bearer : Schemes.Session)
            .AddCookie(Schemes.Session)
            .AddCookie(Schemes.HalfWay)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(Schemes.Bearer, null)
            .AddScheme<AuthenticationSchemeOptions, MetricsHandler>(Schemes.Metrics, null);
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, SessionCookie>();
        services.AddAuthorization(Policies.Define);
        return services;
    }

    /// <summary>Who somebody is, before anything asks what they may.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseRateLimiter();
        app.UseSetupGate();
        app.UseAuthentication();
        app.UseCurrentActor();
        app.UseDemandedSecondFactor();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    /// <summary>Sign-in, sign-out, set-up, tokens.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapAccount();
        routes.MapToken();
    }

    private static void AddPeople(this IServiceCollection services)
    {
        services.AddIdentityCore<PortalUser>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.User.AllowedUserNameCharacters = "";   // the name is the address, which has rules of its own
            identity.Password = new() { RequiredLength = 1, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false };
        }).AddUserStore<PortalUserStore>().AddPasswordValidator<PasswordCheck>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = HashIterations);
        services.AddSingleton<IPasswordHasher<PortalUser>, PasswordHasher<PortalUser>>();
        services.AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<SetupGate>();
        services.AddSingleton<PersonSessions>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<SessionGuard>();
        services.AddScoped<FreshCode>();
        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, CircuitSession>();
        services.AddScoped<CircuitHandler, CircuitActor>();
    }

    private static void AddPrograms(this IServiceCollection services)
    {
        services.AddSingleton<IPasswordHasher<AccessKey>, PasswordHasher<AccessKey>>();
        services.AddSingleton<AccessKeys>();
        services.AddSingleton<AccessTokens>();
    }
}

/// <summary>Our rules, where Identity asks for them: length and commonness, no shapes.</summary>
internal sealed class PasswordCheck : IPasswordValidator<PortalUser>
{
    public Task<IdentityResult> ValidateAsync(UserManager<PortalUser> manager, PortalUser user, string? password) => Task.FromResult(
        PasswordRules.Refuse(password, user.Email) is { } problem
            ? IdentityResult.Failed(new IdentityError { Code = problem.Code, Description = problem.Detail })
            : IdentityResult.Success);
}

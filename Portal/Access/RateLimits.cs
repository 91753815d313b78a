using System.Globalization;
using System.Threading.RateLimiting;
using Portal.Core.Access;
using Portal.Hosting;

namespace Portal.Access;

/// <summary>How often one address may ask for what is dear: a guess costs a slow hash, a file a long read. Of one instance; what must hold for all is counted in the database. People get the page that says so.</summary>
internal static class RateLimits
{
    public const string Token = nameof(Token);
    public const string SignIn = nameof(SignIn);
    public const string Api = nameof(Api);
    public const string Files = nameof(Files);
    public const string Component = nameof(Component);

    /// <summary>Invite links and what landing pages ask: a whole office may open one at once.</summary>
    public const string Visits = nameof(Visits);

    public static IServiceCollection AddAccessRateLimits(this IServiceCollection services) => services.AddRateLimiter(limits =>
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.AddPolicy(Token, context => PerMinute(context, 120));
        limits.AddPolicy(SignIn, context => PerMinute(context, 60));
        limits.AddPolicy(Api, context => PerMinute(context, 30_000));
        limits.AddPolicy(Files, context => PerMinute(context, 60));
        limits.AddPolicy(Visits, context => PerMinute(context, 3_000));
        limits.AddPolicy(Component, context => PerMinute(context, 3_000));   // an office of a product's users may come from one address
        limits.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : TimeSpan.FromMinutes(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            if (Faults.IsForMachines(rejected.HttpContext.Request.Path)) await ApiProblem.ForStatus(429).ExecuteAsync(rejected.HttpContext);
        };
    });

    private static RateLimitPartition<string> PerMinute(HttpContext context, int most) => RateLimitPartition.GetFixedWindowLimiter(
        PeerNetwork.Of(context.Connection.RemoteIpAddress), _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = TimeSpan.FromMinutes(1) });
}

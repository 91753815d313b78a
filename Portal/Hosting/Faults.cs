using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace Portal.Hosting;

/// <summary>How an answer looks when something is wrong: problem details for programs, a plain page for people, a stack trace for nobody.</summary>
internal static class Faults
{
    private static readonly string[] MachinePaths = ["/api", "/webhooks", "/products", "/healthz", "/metrics", "/openapi", "/assets", "/attribution", "/component", "/_blazor"];

    /// <summary>The page of the pages: with the menu, for who is signed in.</summary>
    private const string NotFound = "/not-found";

    /// <summary>The same without a menu.</summary>
    private const string Refused = "/account/refused";

    /// <summary>Whether a program calls here, not a person's browser.</summary>
    public static bool IsForMachines(PathString path) => Array.Exists(MachinePaths, prefix => path.StartsWithSegments(prefix));

    public static IServiceCollection AddFaults(this IServiceCollection services) => services.AddProblemDetails().AddExceptionHandler<LastResort>();

    public static void UseFaults(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseWhen(context => IsForMachines(context.Request.Path), machines => machines.UseStatusCodePages(status =>
            ApiProblem.ForStatus(status.HttpContext.Response.StatusCode).ExecuteAsync(status.HttpContext)));
        app.UseWhen(context => !IsForMachines(context.Request.Path), people => people.Use(ShowPageAsync));
        app.UseRouting();   // here, so that the page below is routed like a request of its own
    }

    /// <summary>A refusal without a word gets a page that says what is wrong; the status stays.</summary>
    private static async Task ShowPageAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var status = context.Response.StatusCode;
        if (status < 400 || HttpMethods.IsHead(context.Request.Method) || context.Response.HasStarted || context.Response.ContentLength > 0) return;

        var (path, query, method, services) = (context.Request.Path, context.Request.QueryString, context.Request.Method, context.RequestServices);
        await using var scope = services.CreateAsyncScope();   // whatever the refused request began is not the page's
        context.RequestServices = scope.ServiceProvider;
        context.Request.Path = status == StatusCodes.Status404NotFound && context.User.Identity is { IsAuthenticated: true } ? NotFound : Refused;
        context.Request.QueryString = QueryString.Create("status", status.ToString(CultureInfo.InvariantCulture));
        context.Request.Method = HttpMethods.Get;
        context.SetEndpoint(null);
        context.Features.Set<IAntiforgeryValidationFeature>(null);   // the refused form's; the page has none
        context.Request.RouteValues.Clear();
        var (allowed, retryAfter) = (context.Response.Headers.Allow, context.Response.Headers.RetryAfter);
        context.Response.Clear();   // to 200 too: the pages take a 404 for an order to show nothing
        (context.Response.Headers.Allow, context.Response.Headers.RetryAfter) = (allowed, retryAfter);
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status200OK) context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestServices = services;
            (context.Request.Path, context.Request.QueryString, context.Request.Method) = (path, query, method);
        }
    }
}

/// <summary>The last one to see an exception: the log gets all of it, the caller a number by which to find it there.</summary>
internal sealed class LastResort(ILogger<LastResort> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var path = httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? httpContext.Request.Path;
        if (exception is BadHttpRequestException bad)
        {
            httpContext.Response.StatusCode = bad.StatusCode;
            await ApiProblem.ForStatus(bad.StatusCode).ExecuteAsync(httpContext);
            return true;
        }
        var reference = RandomNumberGenerator.GetHexString(12, lowercase: true);
        logger.RequestFailed(exception, httpContext.Request.Method, path, reference);
        var sentence = $"Something went wrong on our side. If it stays, tell your administrator this reference: {reference}";
        if (Faults.IsForMachines(path))
        {
            await ApiProblem.Of(StatusCodes.Status500InternalServerError, "internalError", sentence).ExecuteAsync(httpContext);
            return true;
        }
        httpContext.Response.StatusCode = StatusCodes.Status500InternalServerError;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        await httpContext.Response.WriteAsync(
            $"<!DOCTYPE html><html lang=\"en\"><title>Something went wrong</title><main><h1>Something went wrong</h1><p>{sentence}</p><p><a href=\"/\">Back to the start</a></p></main></html>",
            cancellationToken);
        return true;
    }
}

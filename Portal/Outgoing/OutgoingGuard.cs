using System.Net;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Polly.Retry;
using Polly.Timeout;

namespace Portal.Outgoing;

/// <summary>
/// What every outgoing call goes through: https only, no password in the URL, a limit to its time, a few tries where a second
/// one does no harm, and a pause for a host that keeps failing. Whatever goes wrong ends in one sentence.
/// </summary>
internal sealed class OutgoingGuard(IOptions<OutgoingOptions> options) : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<bool> MayRepeat = new("may repeat");
    private readonly ResiliencePipelineRegistry<string> _hosts = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        if (Refuse(uri) is { } reason) throw new OutgoingException(reason, isRefused: true);
        var pipeline = _hosts.GetOrAddPipeline<HttpResponseMessage>(uri.Authority, Build);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(MayRepeat, IsRepeatable(request));
        try
        {
            return await pipeline.ExecuteAsync(
                static async (context, state) => await state.Self.SendOnceAsync(state.Request, context.CancellationToken), context, (Self: this, Request: request));
        }
        catch (TimeoutRejectedException exception)
        {
            throw new OutgoingException($"{uri.Host} did not answer within {exception.Timeout.TotalSeconds:0} seconds.", isRefused: false, exception);
        }
        catch (BrokenCircuitException exception)
        {
            throw new OutgoingException($"{uri.Host} failed several times in a row; it is left alone for a moment.", isRefused: false, exception);
        }
        catch (HttpRequestException exception) when (Find(exception) is { } known)
        {
            throw new OutgoingException(known.Message, known.IsRefused, exception);
        }
        catch (HttpRequestException exception)
        {
            throw new OutgoingException($"{uri.Host} could not be reached.", isRefused: false, exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private string? Refuse(Uri uri) => uri switch
    {
        { IsAbsoluteUri: false } => "The URL is not absolute.",
        { Scheme: not ("https" or "http") } => "Only https is called.",
        { UserInfo.Length: > 0 } => "A URL with a name or password in it is not called.",
        { Scheme: "http" } when !options.Value.Allows(uri.IdnHost, uri.Port) => "Only https is called. Outgoing:AllowedHosts can make an exception.",
        _ => null,
    };

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken ct) => await base.SendAsync(request, ct);

    private void Build(ResiliencePipelineBuilder<HttpResponseMessage> builder)
    {
        builder.AddTimeout(TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(300),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = args => ValueTask.FromResult(args.Context.Properties.GetValue(MayRepeat, false) && IsFault(args.Outcome)),
        });
        builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.8,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromSeconds(60),
            BreakDuration = TimeSpan.FromSeconds(15),
            ShouldHandle = args => ValueTask.FromResult(IsFault(args.Outcome)),
        });
        builder.AddTimeout(TimeSpan.FromSeconds(options.Value.AttemptSeconds));
    }

    private static bool IsFault(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: TimeoutRejectedException } => true,
        { Exception: HttpRequestException exception } => Find(exception) is not { IsRefused: true },
        { Result.StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };

    /// <summary>A call that says nothing new when it comes twice, or that names itself so that the other side can tell.</summary>
    private static bool IsRepeatable(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Headers.Contains("Idempotency-Key") || request.Headers.Contains("webhook-id");

    private static OutgoingException? Find(Exception? exception) => exception as OutgoingException ?? (exception is null ? null : Find(exception.InnerException));
}

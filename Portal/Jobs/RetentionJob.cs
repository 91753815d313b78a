using System.Globalization;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Retention;
using Portal.Hosting;
using Quartz;

namespace Portal.Jobs;

/// <summary>Removes payloads that are old enough.</summary>
[DisallowConcurrentExecution]
public sealed class RetentionJob(PortalStore store, PayloadRetention retention, IOptions<RetentionOptions> options) : IJob
{
    /// <summary>The job's name.</summary>
    public static readonly JobKey Key = new("retention");

    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        context.Result = JobRunReport.Skipped("Nothing to do.");
        await store.MaintainAsync(cancellationToken);
        if (options.Value.PayloadDays == 0) return;
        try
        {
            var done = await retention.RunAsync(options.Value.PayloadDays, cancellationToken);
            var kept = done.Kept == 0 ? "" : $"; {done.Kept:N0} old payloads stay, because the stored facts are not what they tell: a rebuild names them";
            if (!done.IsIdle || done.Kept > 0)
                context.Result = JobRunReport.Succeeded(string.Create(CultureInfo.InvariantCulture, $"{done.Payloads:N0} payloads and {done.Refused:N0} refused requests removed{kept}"));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The portal stops; the next run goes on.
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Erasure;
using Portal.Core.Inbox;
using Portal.Core.Ledger;
using Portal.Core.Overview;
using Portal.Core.Referrals;
using Portal.Core.Referrers;
using Portal.Core.Reviews;
using Portal.Core.Rewards;

namespace Portal.Core.Pipeline;

/// <summary>The line from stored events to the ledger, and what stands beside it.</summary>
public static class PipelineRegistration
{
    /// <summary>Adds the pipeline, the rooms it feeds and the signals between them.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services) => services
        .AddSingleton<ChangeFeed>()
        .AddSingleton<InboxSignal>()
        .AddSingleton<EventPipeline>()
        .AddSingleton<Refold>()
        .AddSingleton<DecisionPreviews>()
        .AddSingleton<ReviewSearch>()
        .AddSingleton<ReviewDesk>()
        .AddSingleton<ReferrerRegister>()
        .AddSingleton<CampaignEditor>()
        .AddSingleton<LedgerStatement>()
        .AddSingleton<EventSearch>()
        .AddSingleton<EventDetails>()
        .AddSingleton<PersonEraser>()
        .AddSingleton<EventResend>()
        .AddSingleton<DeliverySearch>()
        .AddSingleton<ReferralSearch>()
        .AddSingleton<RewardSearch>()
        .AddSingleton<TransactionSearch>()
        .AddSingleton<OverviewFigures>();
}

using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Ledger;

namespace Portal.Core.Statements;

/// <summary>The room's front door: who refers, who was referred, and the journal between them, to be read.</summary>
public static class StatementsRegistration
{
    /// <summary>Adds the readers.</summary>
    public static IServiceCollection AddStatements(this IServiceCollection services) => services
        .AddSingleton<JournalSearch>()
        .AddSingleton<ReferrerSearch>()
        .AddSingleton<ReferrerStatement>()
        .AddSingleton<NewUserRewards>()
        .AddSingleton<ReferralDetails>();
}

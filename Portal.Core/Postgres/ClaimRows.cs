using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Core.Data;

namespace Portal.Core.Postgres;

/// <summary>Gives queries that are tagged as a claim PostgreSQL's way of claiming rows, which LINQ has no word for.</summary>
internal sealed class ClaimRows : DbCommandInterceptor
{
    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Claim(command);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Claim(command);
        return ValueTask.FromResult(result);
    }

    private static void Claim(DbCommand command)
    {
        if (command.CommandText.StartsWith($"-- {StoreWork.Claim}", StringComparison.Ordinal)) command.CommandText += "\nFOR UPDATE SKIP LOCKED";
    }
}

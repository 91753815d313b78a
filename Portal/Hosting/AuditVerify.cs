using System.Globalization;
using Portal.Core.Audit;

namespace Portal.Hosting;

/// <summary>
/// <c>audit verify</c>: looks at every link of the audit log's chain, beside a running portal or alone, and prints its end. Exit
/// status 0 where it holds, 1 where it does not, 2 where it cannot run.
/// </summary>
internal static class AuditVerify
{
    /// <summary>Whether the command line asks for it.</summary>
    public static bool IsAsked(string[] args) => args is ["audit", "verify", ..];

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var store = LedgerVerify.Open(args);
            using var owner = (IDisposable)store;
            var verdict = await AuditChain.VerifyAsync(store, CancellationToken.None);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verdict.Entries} entries, the last {verdict.Hash}; {Says(verdict)}"));
            return verdict.Holds ? 0 : 1;
        }
        catch (Exception exception) when (StartUp.Explain(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync($"The audit log cannot be verified: {reason.ReplaceLineEndings(" ")}");
            return 2;
        }
    }

    private static string Says(AuditVerdict verdict) => verdict switch
    {
        { Holds: true } => "the chain holds",
        { BrokenAt: { } at } => $"the chain breaks at entry {at.ToString(CultureInfo.InvariantCulture)}: {verdict.Why}",
        _ => $"the chain breaks at its end: {verdict.Why}",
    };
}

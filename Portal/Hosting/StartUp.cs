using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Portal.Core.Data;
using Portal.Core.Sqlite;
using Portal.Keys;

namespace Portal.Hosting;

/// <summary>What an operator can mend stops the start with one line on stderr and exit code 1; only bugs show a stack trace.</summary>
internal static class StartUp
{
    public static async Task<int> RunAsync(Func<Task> portal)
    {
        try
        {
            await portal();
            return 0;
        }
        catch (Exception exception) when (Explain(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync($"The portal does not start: {reason.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    /// <summary>What an operator can mend, in a sentence; null for a bug.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException invalid => string.Join(" ", invalid.Failures),
        StoreNotOpenedException closed => closed.Message,
        MasterKeyException lost => lost.Message,
        BackupFailedException failed => failed.Message,
        InvalidDataException { InnerException: { } cause } unreadable => $"{unreadable.Message} {cause.Message}",   // appsettings.json is not JSON
        IOException { InnerException: AddressInUseException } taken => $"Urls: {taken.Message}",
        SocketException { SocketErrorCode: SocketError.AccessDenied or SocketError.AddressNotAvailable } refused => $"Urls: {refused.Message}.",
        UnauthorizedAccessException denied => denied.Message,
        _ => null,
    };
}

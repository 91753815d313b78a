using Portal.Core;

namespace Portal.Hosting;

/// <summary>Every line this room can write. Ids 1500-1599; never a secret. The set-up code is the exception, and opens nothing once used.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1500, LogLevel.Warning, "Nobody can sign in yet. Open /account/setup and enter this one-time code: {Code}")]
    public static partial void SetupCode(this ILogger logger, string code);

    [LoggerMessage(1501, LogLevel.Information, "Added the administrator named by Bootstrap:Admin")]
    public static partial void AdministratorAdded(this ILogger logger);

    [LoggerMessage(1502, LogLevel.Information, "Added the {Environment} signing secret that ends in {LastFour}, named by Bootstrap")]
    public static partial void SigningSecretAdded(this ILogger logger, PortalEnvironment environment, string lastFour);

    [LoggerMessage(1503, LogLevel.Information, "Added the {Environment} access key {AccessKeyId} named by Bootstrap")]
    public static partial void AccessKeyAdded(this ILogger logger, PortalEnvironment environment, string accessKeyId);

    [LoggerMessage(1504, LogLevel.Error, "Request {Method} {Path} failed; its reference is {Reference}")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string path, string reference);

    [LoggerMessage(1505, LogLevel.Warning, "Made a master key in {Path}. Keep a copy apart from the database's backups: without it the secrets in them cannot be read")]
    public static partial void MasterKeyMade(this ILogger logger, string path);

    [LoggerMessage(1506, LogLevel.Information, "Took the key {File} over into the database, encrypted, and removed the file")]
    public static partial void KeyTakenOver(this ILogger logger, string file);

    [LoggerMessage(1507, LogLevel.Error, "The key ring could not be looked after; it is tried again")]
    public static partial void KeyRingNotKept(this ILogger logger, Exception exception);
}

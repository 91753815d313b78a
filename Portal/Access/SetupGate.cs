using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Data;

namespace Portal.Access;

/// <summary>
/// The way in while nobody has an account: a one-time code that only who can read the log knows. It closes for good with the
/// first administrator; from then on there is no such page.
/// </summary>
public sealed class SetupGate(PortalStore store) : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private long _lookedAt;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile byte[]? _codeHash;

    /// <summary>Whether the first administrator is still to be made.</summary>
    public bool IsOpen => _codeHash is not null;

    /// <summary>The same by the database's word, asked once a second: another portal may have made the administrator.</summary>
    internal async Task<bool> StandsOpenAsync(CancellationToken ct)
    {
        if (!IsOpen) return false;
        if (_lookedAt > 0 && Stopwatch.GetElapsedTime(_lookedAt) < BetweenLooks) return true;
        _lookedAt = Stopwatch.GetTimestamp();
        await CloseWhereNotNeededAsync(ct);
        return IsOpen;
    }

    private async Task CloseWhereNotNeededAsync(CancellationToken ct)
    {
        await using var db = store.OpenRead();
        if (await db.Users.AnyAsync(ct)) _codeHash = null;
    }

    /// <summary>Opens the gate and gives the code; only its hash stays.</summary>
    internal string Open()
    {
        var code = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _codeHash = Hash(code);
        return code;
    }

    /// <summary>
    /// Lets one in whose code fits. When <paramref name="admit"/> says that the administrator exists, the gate is closed before
    /// anybody else gets a turn.
    /// </summary>
    internal async Task<bool> TryPassAsync(string? code, Func<Task<bool>> admit)
    {
        await _turn.WaitAsync();
        try
        {
            if (IsOpen) await CloseWhereNotNeededAsync(CancellationToken.None);
            if (_codeHash is not { } hash || !CryptographicOperations.FixedTimeEquals(Hash(code), hash)) return false;
            if (await admit()) _codeHash = null;
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private static byte[] Hash(string? code) => SHA256.HashData(Encoding.UTF8.GetBytes(code?.Trim() ?? ""));
}

internal static class SetupRedirect
{
    /// <summary>While the gate is open, who comes to the door is led to it; once it is closed, it is not there.</summary>
    public static void UseSetupGate(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<SetupGate>();
        app.Use(async (context, next) =>
        {
            var path = context.Request.Path;
            var isSetup = path.StartsWithSegments(AccountPaths.Setup);
            var isDoor = HttpMethods.IsGet(context.Request.Method) && (path == "/" || path == AccountPaths.SignIn);
            var isOpen = (isSetup || isDoor) && await gate.StandsOpenAsync(context.RequestAborted);
            if (isSetup && !isOpen) context.Response.StatusCode = StatusCodes.Status404NotFound;
            else if (isDoor && isOpen) context.Response.Redirect(AccountPaths.Setup);
            else await next(context);
        });
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Portal.Access;

/// <summary>
/// The way in while nobody has an account: a one-time code that only who can read the log knows. It closes for good with the
/// first administrator; from then on there is no such page.
/// </summary>
public sealed class SetupGate : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile byte[]? _codeHash;

    /// <summary>Whether the first administrator is still to be made.</summary>
    public bool IsOpen => _codeHash is not null;

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
        app.Use((context, next) =>
        {
            var path = context.Request.Path;
            if (path.StartsWithSegments(AccountPaths.Setup) && !gate.IsOpen)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
            if (gate.IsOpen && HttpMethods.IsGet(context.Request.Method) && (path == "/" || path == AccountPaths.SignIn))
            {
                context.Response.Redirect(AccountPaths.Setup);
                return Task.CompletedTask;
            }
            return next(context);
        });
    }
}

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>
/// Identity's view of the users' table. Whatever it changes it notes in the audit log, in the same transaction and in the
/// name of the <see cref="CurrentActor"/>: no caller can forget to.
/// </summary>
public sealed class PortalUserStore(PortalStore store, CurrentActor current, TimeProvider clock) :
    IUserPasswordStore<PortalUser>, IUserEmailStore<PortalUser>, IUserSecurityStampStore<PortalUser>
{
    private static readonly IdentityError Taken = new() { Code = "emailTaken", Description = "This e-mail address has an account already." };
    private static readonly IdentityError Gone = new() { Code = "userMissing", Description = "This account does not exist any more." };
    private static readonly IdentityError LastOne = new()
    {
        Code = "lastAdministrator", Description = "This is the last administrator; make somebody else one first.",
    };

    /// <inheritdoc />
    public async Task<IdentityResult> CreateAsync(PortalUser user, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(db =>
            {
                db.Users.Add(user);
                db.Audit(current.Actor, clock.GetUtcNow(), null, "user.created", user.Email, after: user.Role.Word());
            }, cancellationToken);
            return IdentityResult.Success;
        }
        catch (DbUpdateException)   // the unique index on the address settles races
        {
            return IdentityResult.Failed(Taken);
        }
    }

    /// <inheritdoc />
    public async Task<IdentityResult> UpdateAsync(PortalUser user, CancellationToken cancellationToken) =>
        await store.WriteAsync(db =>
        {
            if (db.Users.SingleOrDefault(u => u.Id == user.Id) is not { } stored) return IdentityResult.Failed(Gone);
            if (user.Role != PortalRole.Administrator && IsLastAdministrator(db, stored)) return IdentityResult.Failed(LastOne);
            NoteChanges(db, stored, user);
            db.Entry(stored).CurrentValues.SetValues(user);
            return IdentityResult.Success;
        }, cancellationToken);

    /// <inheritdoc />
    public async Task<IdentityResult> DeleteAsync(PortalUser user, CancellationToken cancellationToken) =>
        await store.WriteAsync(db =>
        {
            if (db.Users.SingleOrDefault(u => u.Id == user.Id) is not { } stored) return IdentityResult.Failed(Gone);
            if (IsLastAdministrator(db, stored)) return IdentityResult.Failed(LastOne);
            db.Users.Remove(stored);
            db.Audit(current.Actor, clock.GetUtcNow(), null, "user.removed", stored.Email, before: stored.Role.Word());
            return IdentityResult.Success;
        }, cancellationToken);

    /// <inheritdoc />
    public async Task<PortalUser?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        if (!long.TryParse(userId, out var id)) return null;
        await using var db = store.OpenRead();
        return await db.Users.SingleOrDefaultAsync(u => u.Id == id, cancellationToken);
    }

    /// <inheritdoc />
    public Task<PortalUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        FindByEmailAsync(normalizedUserName, cancellationToken);

    /// <inheritdoc />
    public async Task<PortalUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        await using var db = store.OpenRead();
        return await db.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == normalizedEmail, cancellationToken);
    }

    private void NoteChanges(PortalDb db, PortalUser before, PortalUser after)
    {
        void Note(string action, string? was = null, string? now = null) =>
            db.Audit(current.Actor, clock.GetUtcNow(), null, action, before.Email, was, now);

        if (before.Email != after.Email) Note("user.emailChanged", before.Email, after.Email);
        if (before.Role != after.Role) Note("user.roleChanged", before.Role.Word(), after.Role.Word());
        if (before.PasswordHash != after.PasswordHash) Note("user.passwordChanged");
    }

    private static bool IsLastAdministrator(PortalDb db, PortalUser stored) =>
        stored.Role == PortalRole.Administrator && !db.Users.Any(u => u.Role == PortalRole.Administrator && u.Id != stored.Id);

    // The rest is Identity's way of asking for properties.

    /// <inheritdoc />
    public Task<string> GetUserIdAsync(PortalUser user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc />
    public Task<string?> GetUserNameAsync(PortalUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    /// <inheritdoc />
    public Task SetUserNameAsync(PortalUser user, string? userName, CancellationToken cancellationToken) => SetEmailAsync(user, userName, cancellationToken);

    /// <inheritdoc />
    public Task<string?> GetNormalizedUserNameAsync(PortalUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    /// <inheritdoc />
    public Task SetNormalizedUserNameAsync(PortalUser user, string? normalizedName, CancellationToken cancellationToken) =>
        SetNormalizedEmailAsync(user, normalizedName, cancellationToken);

    /// <inheritdoc />
    public Task<string?> GetPasswordHashAsync(PortalUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    /// <inheritdoc />
    public Task SetPasswordHashAsync(PortalUser user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash);

    /// <inheritdoc />
    public Task<bool> HasPasswordAsync(PortalUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    /// <inheritdoc />
    public Task<string?> GetEmailAsync(PortalUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    /// <inheritdoc />
    public Task SetEmailAsync(PortalUser user, string? email, CancellationToken cancellationToken) => Set(() => user.Email = email ?? "");

    /// <inheritdoc />
    public Task<string?> GetNormalizedEmailAsync(PortalUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    /// <inheritdoc />
    public Task SetNormalizedEmailAsync(PortalUser user, string? normalizedEmail, CancellationToken cancellationToken) =>
        Set(() => user.NormalizedEmail = normalizedEmail ?? "");

    /// <inheritdoc />
    public Task<bool> GetEmailConfirmedAsync(PortalUser user, CancellationToken cancellationToken) => Task.FromResult(true);   // nobody registers by himself

    /// <inheritdoc />
    public Task SetEmailConfirmedAsync(PortalUser user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task SetSecurityStampAsync(PortalUser user, string stamp, CancellationToken cancellationToken) => Set(() => user.SecurityStamp = stamp);

    /// <inheritdoc />
    public Task<string?> GetSecurityStampAsync(PortalUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    /// <inheritdoc />
    public void Dispose()
    {
        // Holds nothing; the interface asks for it.
    }

    private static Task Set(Action set)
    {
        set();
        return Task.CompletedTask;
    }
}

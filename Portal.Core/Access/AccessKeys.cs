using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>A new key pair. The secret is in here and nowhere else: it is shown once.</summary>
public sealed record NewAccessKey(long Id, string AccessKeyId, string SecretAccessKey);

/// <summary>An access key as a page shows it.</summary>
public sealed record AccessKeyRow(
    long Id, string AccessKeyId, string Name, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, SecretState State)
{
    /// <summary>Whether it is accepted now.</summary>
    public bool IsLiving => State is SecretState.Active or SecretState.Expiring;
}

/// <summary>The key pairs by which programs call the REST API.</summary>
public sealed class AccessKeys(PortalStore store, IPasswordHasher<AccessKey> hasher, TimeProvider clock)
{
    private const int LongestInput = 200;
    private static readonly TimeSpan BetweenNotes = TimeSpan.FromMinutes(5);
    private static readonly AccessKey NoKey = new() { Environment = default, AccessKeyId = "", SecretHash = "", Scope = "", CreatedAt = default };
    private readonly Lazy<string> _dummyHash = new(() => hasher.HashPassword(NoKey, Guid.NewGuid().ToString()));

    /// <summary>Makes a key pair with scope <c>manage</c>.</summary>
    public async Task<NewAccessKey> CreateAsync(PortalEnvironment environment, Actor actor, CancellationToken ct) =>
        (await CreateAsync(environment, "", AccessKey.ManageScope, actor, ct)).TryGet(out var key, out var problem) ? key : throw new InvalidOperationException(problem.Detail);

    /// <summary>Makes a key pair.</summary>
    /// <param name="environment">The one environment that it opens.</param>
    /// <param name="name">What people call it, up to 80 characters.</param>
    /// <param name="scope">One of <see cref="AccessKey.Scopes"/>.</param>
    /// <param name="actor">Who makes it.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Outcome<NewAccessKey>> CreateAsync(PortalEnvironment environment, string name, string scope, Actor actor, CancellationToken ct)
    {
        var (accessKeyId, secret) = Make();
        return StoreAsync(environment, name, scope, accessKeyId, secret, actor, "accessKey.created", (_, _) => null, ct);
    }

    /// <summary>Replaces a key by a new one of the same name and scope; the old one and its tokens live for the overlap still.</summary>
    public async Task<Outcome<NewAccessKey>> RollAsync(PortalEnvironment environment, long id, TimeSpan overlap, Actor actor, CancellationToken ct)
    {
        if (overlap < TimeSpan.Zero || overlap > ProviderSecrets.LongestOverlap) return new Problem("overlapInvalid", "The overlap is between 0 and 72 hours.", "overlap");
        if (await FindLivingAsync(environment, id, ct) is not { } old) return new Problem("accessKeyGone", "There is no such living key any more.", null, ProblemKind.Missing);
        var (accessKeyId, secret) = Make();
        return await StoreAsync(environment, old.Name, old.Scope, accessKeyId, secret, actor, "accessKey.rolled", (db, now) =>
        {
            if (db.AccessKeys.SingleOrDefault(k => k.Id == id && k.RevokedAt == null) is not { } living) return null;
            var end = now + overlap;
            living.ExpiresAt = living.ExpiresAt < end ? living.ExpiresAt : end;
            return $"{living.AccessKeyId} until {living.ExpiresAt:u}";
        }, ct);
    }

    /// <summary>Takes over a key pair that was made elsewhere, with scope <c>manage</c>.</summary>
    public Task<Outcome<NewAccessKey>> AddAsync(PortalEnvironment environment, string accessKeyId, string secretAccessKey, Actor actor, CancellationToken ct) =>
        StoreAsync(environment, "", AccessKey.ManageScope, accessKeyId, secretAccessKey, actor, "accessKey.created", (_, _) => null, ct);

    private async Task<Outcome<NewAccessKey>> StoreAsync(
        PortalEnvironment environment, string name, string scope, string accessKeyId, string secretAccessKey, Actor actor, string action, Func<PortalDb, DateTimeOffset, string?> retire, CancellationToken ct)
    {
        if (Refuse(accessKeyId, secretAccessKey) is { } problem) return problem;
        if (name.Length > AccessKey.LongestName) return new Problem("nameInvalid", $"A name has at most {AccessKey.LongestName} characters.", "name");
        if (!AccessKey.Scopes.Contains(scope)) return new Problem("scopeInvalid", $"The scope is one of {string.Join(", ", AccessKey.Scopes)}.", "scope");
        var hash = hasher.HashPassword(NoKey, secretAccessKey);
        var now = clock.GetUtcNow();
        return await store.WriteAsync<Outcome<NewAccessKey>>(db =>
        {
            if (db.AccessKeys.Any(k => k.Environment == environment && k.AccessKeyId == accessKeyId))
                return new Problem("accessKeyTaken", $"There is an access key '{accessKeyId}' already.", "accessKeyId", ProblemKind.Conflict);
            var before = retire(db, now);
            var key = new AccessKey { Environment = environment, AccessKeyId = accessKeyId, SecretHash = hash, Scope = scope, Name = name.Trim(), CreatedAt = now };
            db.AccessKeys.Add(key);
            db.Audit(actor, now, environment, action, accessKeyId, before, $"scope {key.Scope}");
            db.SaveChanges();   // for the id
            return new NewAccessKey(key.Id, accessKeyId, secretAccessKey);
        }, ct);
    }

    private static (string AccessKeyId, string Secret) Make() =>
        ($"key_{RandomNumberGenerator.GetHexString(20, lowercase: true)}", System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>Why this pair will not do; null when it will.</summary>
    public static Problem? Refuse(string accessKeyId, string secretAccessKey)
    {
        if (accessKeyId.Length is 0 or > 100 || accessKeyId.Any(c => c is <= ' ' or > '~'))
            return new("accessKeyIdInvalid", "An access key id has 1 to 100 printable characters, no spaces.", "accessKeyId");
        if (secretAccessKey.Length is < 8 or > LongestInput) return new("secretAccessKeyInvalid", "A secret has 8 to 200 characters.", "secretAccessKey");
        return null;
    }

    /// <summary>Ends a key, and with it every token it was given. False if there is no such living key.</summary>
    public Task<bool> RevokeAsync(PortalEnvironment environment, long id, Actor actor, CancellationToken ct) => store.WriteAsync(db =>
    {
        if (db.AccessKeys.SingleOrDefault(k => k.Environment == environment && k.Id == id && k.RevokedAt == null) is not { } key) return false;
        key.RevokedAt = clock.GetUtcNow();
        db.Audit(actor, key.RevokedAt.Value, environment, "accessKey.revoked", key.AccessKeyId);
        return true;
    }, ct);

    /// <summary>The living key whose secret this is, or null. An unknown key takes as long as a wrong secret.</summary>
    public async Task<AccessKey?> VerifyAsync(PortalEnvironment environment, string accessKeyId, string secretAccessKey, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var now = clock.GetUtcNow();
        var key = await db.AccessKeys.SingleOrDefaultAsync(k => k.Environment == environment && k.AccessKeyId == accessKeyId && k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now), ct);
        var secret = secretAccessKey.Length <= LongestInput ? secretAccessKey : "";
        var verdict = hasher.VerifyHashedPassword(key ?? NoKey, key?.SecretHash ?? _dummyHash.Value, secret);
        return verdict == PasswordVerificationResult.Failed ? null : key;
    }

    /// <summary>The key with this id while it lives; asked for each request that carries one of its tokens.</summary>
    public async Task<AccessKey?> FindLivingAsync(PortalEnvironment environment, long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        var now = clock.GetUtcNow();
        return await db.AccessKeys.SingleOrDefaultAsync(k => k.Environment == environment && k.Id == id && k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now), ct);
    }

    /// <summary>Notes that a key was used, to within some minutes. What cannot be noted just now is not worth a request.</summary>
    public async Task NoteUseAsync(AccessKey key, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var noted = now - BetweenNotes;
        if (key.LastUsedAt > noted) return;
        try
        {
            await store.WriteAsync(db => { db.AccessKeys.Where(k => k.Id == key.Id && (k.LastUsedAt == null || k.LastUsedAt <= noted)).ExecuteUpdate(set => set.SetProperty(k => k.LastUsedAt, now)); }, ct);
        }
        catch (Exception exception) when (store.IsUnavailable(exception))
        {
            // The next use notes it.
        }
    }

    /// <summary>All keys of an environment, newest first, revoked ones too.</summary>
    public async Task<IReadOnlyList<AccessKeyRow>> ListAsync(PortalEnvironment environment, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = store.OpenRead();
        var keys = await db.AccessKeys.Where(k => k.Environment == environment).OrderByDescending(k => k.Id).ToListAsync(ct);
        return keys.ConvertAll(k => new AccessKeyRow(k.Id, k.AccessKeyId, k.Name, k.Scope, k.CreatedAt, k.LastUsedAt, k.ExpiresAt, k.RevokedAt, StateOf(k, now)));
    }

    private static SecretState StateOf(AccessKey key, DateTimeOffset now) => key switch
    {
        { RevokedAt: not null } => SecretState.Revoked,
        _ when !key.IsActive(now) => SecretState.Expired,
        { ExpiresAt: not null } => SecretState.Expiring,
        _ => SecretState.Active,
    };
}

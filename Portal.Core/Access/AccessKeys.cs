using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Audit;
using Portal.Core.Data;

namespace Portal.Core.Access;

/// <summary>A new key pair. The secret is in here and nowhere else: it is shown once.</summary>
public sealed record NewAccessKey(long Id, string AccessKeyId, string SecretAccessKey);

/// <summary>An access key as a page shows it.</summary>
public sealed record AccessKeyRow(long Id, string AccessKeyId, string Scope, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>The key pairs by which programs call the REST API.</summary>
public sealed class AccessKeys(PortalStore store, IPasswordHasher<AccessKey> hasher, TimeProvider clock)
{
    private const int LongestInput = 200;
    private static readonly AccessKey NoKey = new() { Environment = default, AccessKeyId = "", SecretHash = "", Scope = "", CreatedAt = default };
    private readonly Lazy<string> _dummyHash = new(() => hasher.HashPassword(NoKey, Guid.NewGuid().ToString()));

    /// <summary>Makes a key pair with scope <c>manage</c>.</summary>
    public async Task<NewAccessKey> CreateAsync(PortalEnvironment environment, Actor actor, CancellationToken ct)
    {
        var accessKeyId = $"key_{RandomNumberGenerator.GetHexString(20, lowercase: true)}";
        var secret = System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var created = await AddAsync(environment, accessKeyId, secret, actor, ct);
        return created.TryGet(out var key, out var problem) ? key : throw new InvalidOperationException(problem.Detail);
    }

    /// <summary>Takes over a key pair that was made elsewhere.</summary>
    public async Task<Outcome<NewAccessKey>> AddAsync(
        PortalEnvironment environment, string accessKeyId, string secretAccessKey, Actor actor, CancellationToken ct)
    {
        if (Refuse(accessKeyId, secretAccessKey) is { } problem) return problem;
        var hash = hasher.HashPassword(NoKey, secretAccessKey);
        var now = clock.GetUtcNow();
        return await store.WriteAsync<Outcome<NewAccessKey>>(db =>
        {
            if (db.AccessKeys.Any(k => k.Environment == environment && k.AccessKeyId == accessKeyId))
                return new Problem("accessKeyTaken", $"There is an access key '{accessKeyId}' already.", "accessKeyId", ProblemKind.Conflict);
            var key = new AccessKey
            {
                Environment = environment, AccessKeyId = accessKeyId, SecretHash = hash, Scope = AccessKey.ManageScope, CreatedAt = now,
            };
            db.AccessKeys.Add(key);
            db.Audit(actor, now, environment, "accessKey.created", accessKeyId, after: $"scope {key.Scope}");
            db.SaveChanges();   // for the id
            return new NewAccessKey(key.Id, accessKeyId, secretAccessKey);
        }, ct);
    }

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
        var key = await db.AccessKeys.SingleOrDefaultAsync(k => k.Environment == environment && k.AccessKeyId == accessKeyId && k.RevokedAt == null, ct);
        var secret = secretAccessKey.Length <= LongestInput ? secretAccessKey : "";
        var verdict = hasher.VerifyHashedPassword(key ?? NoKey, key?.SecretHash ?? _dummyHash.Value, secret);
        return verdict == PasswordVerificationResult.Failed ? null : key;
    }

    /// <summary>The key with this id while it lives; asked for each request that carries one of its tokens.</summary>
    public async Task<AccessKey?> FindLivingAsync(PortalEnvironment environment, long id, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.AccessKeys.SingleOrDefaultAsync(k => k.Environment == environment && k.Id == id && k.RevokedAt == null, ct);
    }

    /// <summary>All keys of an environment, newest first, revoked ones too.</summary>
    public async Task<IReadOnlyList<AccessKeyRow>> ListAsync(PortalEnvironment environment, CancellationToken ct)
    {
        await using var db = store.OpenRead();
        return await db.AccessKeys.Where(k => k.Environment == environment).OrderByDescending(k => k.Id)
            .Select(k => new AccessKeyRow(k.Id, k.AccessKeyId, k.Scope, k.CreatedAt, k.RevokedAt)).ToListAsync(ct);
    }
}

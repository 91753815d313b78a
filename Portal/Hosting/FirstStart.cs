using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Access;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Campaigns;
using Portal.Core.Data;
using Portal.Core.Products;

namespace Portal.Hosting;

/// <summary>
/// Puts in place what a portal needs to be of use: campaigns, and from <c>Bootstrap</c> the administrator, signing secrets and
/// access keys, each only where there is none yet. Runs at every start and changes nothing that somebody has set up.
/// </summary>
internal sealed class FirstStart(
    PortalStore store,
    UserManager<PortalUser> users,
    SigningSecrets secrets,
    BasicCredentials credentials,
    ProductRegister products,
    ProductSecrets productSecrets,
    AccessKeys keys,
    SetupGate setup,
    IOptions<BootstrapOptions> options,
    TimeProvider clock,
    ILogger<FirstStart> logger)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(CancellationToken ct)
    {
        await using var turn = await TakeTurnAsync(ct);
        foreach (var environment in PortalEnvironments.All)
        {
            await EnsureCampaignAsync(environment, ct);
            await EnsureSecretAsync(secrets, environment, options.Value.For(environment).StripeSigningSecret, "StripeSigningSecret", ct);
            await EnsureSecretAsync(credentials, environment, options.Value.For(environment).Chargebee.Joined, "Chargebee", ct);
            await EnsureProductAsync(environment, options.Value.For(environment), ct);
            await EnsureAccessKeyAsync(environment, options.Value.For(environment), ct);
        }
        await EnsureAdministratorAsync(options.Value.Admin, ct);
    }

    /// <summary>Of several portals that start on one database, each in its turn looks and puts in place what is missing.</summary>
    private async Task<IAsyncDisposable> TakeTurnAsync(CancellationToken ct)
    {
        while (true)
        {
            if (await store.TryOwnAsync("first start", ct) is { } turn) return turn;
            await Task.Delay(BetweenTries, ct);
        }
    }

    private Task EnsureCampaignAsync(PortalEnvironment environment, CancellationToken ct) => store.WriteAsync(db =>
    {
        if (db.Campaigns.Any(c => c.Environment == environment && c.CampaignId == Campaign.Default)) return;
        var now = clock.GetUtcNow();
        db.Campaigns.Add(new Campaign { Environment = environment, CampaignId = Campaign.Default, Name = "Default", CreatedAt = now });
        db.Audit(Actor.System, now, environment, "campaign.created", Campaign.Default);
    }, ct);

    private async Task EnsureSecretAsync(ProviderSecrets kept, PortalEnvironment environment, string? secret, string key, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(secret) || (await kept.ListAsync(environment, ct)).Count > 0) return;
        var added = await kept.AddAsync(environment, secret, Actor.System, ct);
        if (added.TryGet(out var row, out var problem)) logger.SigningSecretAdded(environment, row.LastFour);
        else throw new OptionsValidationException(BootstrapOptions.Section, typeof(BootstrapOptions), [$"Bootstrap:{environment}:{key}: {problem.Detail}"]);
    }

    /// <summary>An id that was made up gives way to the configured one, as long as no secret of it is out.</summary>
    private async Task EnsureProductAsync(PortalEnvironment environment, BootstrapEnvironment part, CancellationToken ct)
    {
        var isOut = (await productSecrets.ListAsync(environment, ct)).Count > 0;
        await products.EnsureAsync(environment, isOut ? null : part.ProductId, Actor.System, ct);
        await EnsureSecretAsync(productSecrets, environment, part.ProductSecret, "ProductSecret", ct);
    }

    private async Task EnsureAccessKeyAsync(PortalEnvironment environment, BootstrapEnvironment part, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(part.AccessKeyId) || (await keys.ListAsync(environment, ct)).Count > 0) return;
        var added = await keys.AddAsync(environment, part.AccessKeyId, part.SecretAccessKey!, Actor.System, ct);
        if (added.TryGet(out var key, out var problem)) logger.AccessKeyAdded(environment, key.AccessKeyId);
        else throw new OptionsValidationException(BootstrapOptions.Section, typeof(BootstrapOptions), [$"Bootstrap:{environment}:AccessKeyId: {problem.Detail}"]);
    }

    private async Task EnsureAdministratorAsync(BootstrapAdmin admin, CancellationToken ct)
    {
        await using (var db = store.OpenRead())
        {
            if (await db.Users.AnyAsync(ct)) return;
        }
        if (string.IsNullOrWhiteSpace(admin.Email))
        {
            logger.SetupCode(setup.Open());
            return;
        }
        var made = await users.CreateAsync(NewUser.Named(admin.Email, PortalRole.Administrator, clock), admin.Password!);
        if (!made.Succeeded)
        {
            throw new OptionsValidationException(
                BootstrapOptions.Section, typeof(BootstrapOptions), made.Errors.Select(e => $"Bootstrap:Admin: {e.Description}"));
        }
        logger.AdministratorAdded();
    }
}

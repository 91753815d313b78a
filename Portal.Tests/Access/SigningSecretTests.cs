using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Access;

public sealed class SigningSecretTests : IAsyncLifetime
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;
    private const string New = "whsec_the_new_one_9876543210";
    private static readonly string Old = PortalHost.SigningSecret(Sandbox);
    private static readonly Actor Admin = new(PortalHost.AdminEmail, "192.0.2.1");
    private readonly PortalHost _host = new();

    private SigningSecrets Secrets => _host.Services.GetRequiredService<SigningSecrets>();

    [Fact]
    public async Task A_secret_is_readable_in_memory_and_nowhere_on_the_disk()
    {
        await Secrets.AddAsync(Sandbox, $"  {New}\n", Admin, default);

        Assert.Equal([New, Old], ActiveNow());
        Assert.False(_host.Database.Holds(New));
        Assert.False(_host.Database.Holds(Old));
        Assert.True(_host.Database.Holds("signingSecret.added"));   // so the search does find what is there
    }

    [Fact]
    public async Task A_rolled_secret_is_accepted_until_its_overlap_ends()
    {
        var rolled = await Secrets.RollAsync(Sandbox, New, TimeSpan.FromHours(24), Admin, default);

        Assert.True(rolled.TryGet(out _, out _));
        Assert.Equal([New, Old], ActiveNow());
        Assert.Equal([SecretState.Active, SecretState.Expiring], (await Secrets.ListAsync(Sandbox, default)).Select(s => s.State));
        _host.Clock.Pass(TimeSpan.FromHours(24));
        Assert.Equal([New], ActiveNow());
        Assert.Equal([SecretState.Active, SecretState.Expired], (await Secrets.ListAsync(Sandbox, default)).Select(s => s.State));
    }

    [Fact]
    public async Task A_roll_without_overlap_ends_the_old_one_at_once_and_a_later_roll_prolongs_nothing()
    {
        await Secrets.RollAsync(Sandbox, New, TimeSpan.FromHours(1), Admin, default);
        await Secrets.RollAsync(Sandbox, "whsec_third_0123456789", TimeSpan.FromHours(72), Admin, default);
        _host.Clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal(["whsec_third_0123456789", New], ActiveNow());

        await Secrets.RollAsync(Sandbox, "whsec_fourth_0123456789", TimeSpan.Zero, Admin, default);

        Assert.Equal(["whsec_fourth_0123456789"], ActiveNow());
    }

    [Fact]
    public async Task A_revoked_secret_is_gone_from_its_environment_alone()
    {
        var id = Assert.Single(Secrets.ActiveFor(Sandbox, _host.Clock.GetUtcNow()).Ids);

        Assert.False(await Secrets.RevokeAsync(PortalEnvironment.Production, id, Admin, default));
        Assert.True(await Secrets.RevokeAsync(Sandbox, id, Admin, default));

        Assert.Empty(ActiveNow());
        Assert.Equal([PortalHost.SigningSecret(PortalEnvironment.Production)], ActiveNow(PortalEnvironment.Production));
    }

    [Theory]
    [InlineData(null, "signingSecretPrefix")]
    [InlineData("sk_live_0123456789012345", "signingSecretPrefix")]
    [InlineData("whsec_x", "signingSecretLength")]
    [InlineData("whsec_with a space 0123456", "signingSecretCharacters")]
    [InlineData("whsec_of_sandbox_0123456789", "signingSecretKnown")]
    public async Task What_is_no_new_secret_is_refused(string? secret, string code)
    {
        var added = await Secrets.AddAsync(Sandbox, secret, Admin, default);

        Assert.False(added.TryGet(out _, out var problem));
        Assert.Equal(code, problem.Code);
        Assert.Equal([Old], ActiveNow());
    }

    [Fact]
    public async Task Each_change_is_in_the_audit_log_with_four_characters_of_the_secret_at_most()
    {
        await Secrets.AddAsync(Sandbox, New, Admin, default);
        await Secrets.RollAsync(Sandbox, "whsec_third_0123456789", TimeSpan.FromHours(1), Admin, default);
        await Secrets.RevokeAsync(Sandbox, Secrets.ActiveFor(Sandbox, _host.Clock.GetUtcNow()).Ids[0], Admin, default);

        await using var db = _host.Store.OpenRead();
        var log = await db.AuditLog.Where(a => a.Action.StartsWith("signingSecret") && a.Actor == Admin.Name).OrderBy(a => a.Id).ToListAsync();
        Assert.Equal(
            [("signingSecret.added", "whsec_…3210"), ("signingSecret.rolled", "whsec_…6789"), ("signingSecret.revoked", "whsec_…6789")],
            log.Select(a => (a.Action, a.Target)));
        Assert.All(log, a => Assert.Equal((Sandbox, "192.0.2.1"), (a.Environment, a.RemoteAddress)));
    }

    [Fact]
    public async Task While_nothing_changes_the_snapshot_is_the_same_one()
    {
        await Secrets.RollAsync(Sandbox, New, TimeSpan.FromHours(1), Admin, default);
        var now = _host.Clock.GetUtcNow();
        var snapshot = Secrets.ActiveFor(Sandbox, now);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Assert.True(ReferenceEquals(snapshot, Secrets.ActiveFor(Sandbox, now)));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.DoesNotContain("whsec", snapshot.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_instance_adds_and_revokes_the_others_know_within_seconds()
    {
        var other = new SigningSecrets(_host.Store, _host.Services.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>(), _host.Clock);
        Assert.Equal([Old], ActiveNow());
        await other.AddAsync(Sandbox, New, Admin, default);
        await other.RevokeAsync(Sandbox, other.ActiveFor(Sandbox, _host.Clock.GetUtcNow()).Ids[1], Admin, default);

        _host.Clock.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal([New], ActiveNow());
    }

    [Fact]
    public async Task With_the_key_ring_lost_the_list_says_so_and_a_new_secret_works()
    {
        _ = Secrets.ActiveFor(Sandbox, _host.Clock.GetUtcNow());
        await _host.KeepDirectory().DisposeAsync();
        File.Delete(Path.Combine(_host.DataDirectory, "master.key"));

        await using var again = new PortalHost { DataDirectory = _host.DataDirectory, Settings = { ["Portal:ForgetKeyRing"] = "true" } };
        var secrets = again.Services.GetRequiredService<SigningSecrets>();

        Assert.Equal(SecretState.Unreadable, Assert.Single(await secrets.ListAsync(Sandbox, default)).State);
        Assert.Empty(secrets.ActiveFor(Sandbox, again.Clock.GetUtcNow()).Values);
        await secrets.AddAsync(Sandbox, New, Admin, default);
        Assert.Single(secrets.ActiveFor(Sandbox, again.Clock.GetUtcNow()).Values);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        if (Directory.Exists(_host.DataDirectory)) Directory.Delete(_host.DataDirectory, recursive: true);
    }

    private IEnumerable<string> ActiveNow(PortalEnvironment environment = Sandbox) =>
        Secrets.ActiveFor(environment, _host.Clock.GetUtcNow()).Values.Select(Encoding.UTF8.GetString);
}

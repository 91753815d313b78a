using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Keys;
using Xunit;

namespace Portal.Tests.Access;

/// <summary>The key ring lies in the database; what opens it does not.</summary>
public sealed class KeyRingTests : IDisposable
{
    private const PortalEnvironment Sandbox = PortalEnvironment.Sandbox;

    private static readonly Actor Admin = new("admin@example.com", "192.0.2.1");

    private readonly string _directory = Directory.CreateTempSubdirectory("portal-ring-").FullName;

    private string KeyFile => Path.Combine(_directory, "master.key");

    [Fact]
    public async Task Of_twenty_secrets_none_is_in_the_database_its_files_or_the_log_and_another_start_reads_them()
    {
        var log = new LoggedLines();
        var planted = new List<string>();
        await using (var host = Host(log))
        {
            var (secrets, keys) = (host.Services.GetRequiredService<SigningSecrets>(), host.Services.GetRequiredService<AccessKeys>());
            for (var i = 0; i < 10; i++)
            {
                planted.Add($"whsec_planted_{i}_{RandomNumberGenerator.GetHexString(20)}");
                Assert.True((await secrets.AddAsync(Sandbox, planted[^1], Admin, default)).TryGet(out _, out _));
            }
            for (var i = 0; i < 6; i++) planted.Add((await keys.CreateAsync(Sandbox, Admin, default)).SecretAccessKey);
            planted.AddRange([PortalHost.Password, PortalHost.SecretAccessKey(Sandbox), PortalHost.SigningSecret(Sandbox), PortalHost.SigningSecret(PortalEnvironment.Production)]);
            await host.SignInAsync(host.CreateVisitor(), PortalHost.AdminEmail, PortalHost.Password);

            Assert.Equal(20, planted.Count);
            Assert.DoesNotContain(planted, secret => Disk.Holds(_directory, secret));
            Assert.DoesNotContain(planted, log.Holds);
            Assert.True(log.Holds("master.key"));   // so the search does find what is there
            await using var db = host.Store.OpenRead();
            Assert.All(await db.KeyRing.Select(e => e.Xml).ToListAsync(), xml =>
            {
                Assert.Contains("<sealed ", xml, StringComparison.Ordinal);
                Assert.DoesNotContain("<masterKey", xml, StringComparison.Ordinal);
            });
        }

        await using var again = Host();
        var readable = again.Services.GetRequiredService<SigningSecrets>().ActiveFor(Sandbox, again.Clock.GetUtcNow()).Values.Select(Encoding.UTF8.GetString);
        Assert.Superset(planted.Take(10).ToHashSet(), readable.ToHashSet());
    }

    [Fact]
    public async Task The_first_start_makes_a_master_key_that_only_its_own_user_reads()
    {
        await using var host = Host();
        _ = host.Services;

        Assert.Equal(MasterKey.Size, Convert.FromBase64String(await File.ReadAllTextAsync(KeyFile)).Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public async Task A_copy_of_the_database_opens_with_the_master_key_beside_it_or_configured_and_with_nothing_else()
    {
        await using (var first = Host()) _ = first.Services;
        var key = await File.ReadAllTextAsync(KeyFile);

        File.Delete(KeyFile);
        Assert.Throws<InvalidOperationException>(() => Host().Services);
        Assert.False(File.Exists(KeyFile));   // no new one in its place
        await using (var configured = Host(settings: ("Portal:MasterKey", key)))
            Assert.NotEmpty(configured.Services.GetRequiredService<SigningSecrets>().ActiveFor(Sandbox, configured.Clock.GetUtcNow()).Values);
        Assert.Throws<InvalidOperationException>(() => Host(settings: ("Portal:MasterKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))).Services);

        await using var forgotten = Host(settings: ("Portal:ForgetKeyRing", "true"));
        var secrets = forgotten.Services.GetRequiredService<SigningSecrets>();
        Assert.Equal(SecretState.Unreadable, Assert.Single(await secrets.ListAsync(Sandbox, default)).State);
        Assert.True((await secrets.AddAsync(Sandbox, "whsec_new_0123456789", Admin, default)).TryGet(out _, out _));
    }

    [Fact]
    public async Task A_ring_of_plain_files_is_taken_over_encrypted_and_the_files_are_gone()
    {
        var keys = Directory.CreateDirectory(Path.Combine(_directory, "keys"));
        var before = DataProtectionProvider.Create(keys, protection => protection.SetApplicationName("portal")).CreateProtector("test").Protect("what was protected before");
        Assert.NotEmpty(keys.GetFiles("*.xml"));

        await using var host = Host();

        Assert.Equal("what was protected before", host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(before));
        Assert.False(Directory.Exists(keys.FullName));
    }

    [Fact]
    public async Task Instances_that_make_a_first_key_at_once_agree_on_one()
    {
        await using var host = Host();
        var (ring, now) = (host.Services.GetRequiredService<Microsoft.AspNetCore.DataProtection.Repositories.IXmlRepository>(), DateTimeOffset.UtcNow.AddDays(200));

        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            ring.StoreElement(new XElement("key", new XElement("activationDate", now), new XAttribute("id", i)), $"key-{i}"))));

        await using var db = host.Store.OpenRead();
        Assert.Equal(2, await db.KeyRing.CountAsync());   // the host's own, and one of sixteen
    }

    [Fact]
    public async Task Protecting_inside_of_a_write_makes_no_key_and_waits_for_nobody()
    {
        await using var host = Host();
        var protector = host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
        var keys = host.Services.GetRequiredService<IKeyManager>();
        foreach (var key in keys.GetAllKeys()) keys.RevokeKey(key.KeyId);   // so that a new one would be due

        var text = await host.Store.WriteAsync(_ => protector.Protect("in the middle of a write"), default).WaitAsync(TimeSpan.FromSeconds(20)).ContinueWith(t => t.IsCompletedSuccessfully ? t.Result : "refused");

        Assert.NotEqual("", text);
        Assert.Single(keys.GetAllKeys());
    }

    [Fact]
    public async Task Sessions_and_tokens_of_one_host_are_good_at_another_on_the_same_database()
    {
        string cookie;
        await using (var first = Host())
        {
            var client = await first.CreateSignedInClientAsync(PortalRole.Viewer);
            cookie = first.CookiesOf(client)["portal"]!.Value;
        }
        await using var second = Host();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sandbox/events");
        request.Headers.Add("Cookie", $"portal={cookie}");

        Assert.Equal(HttpStatusCode.OK, (await second.CreateDefaultClient().SendAsync(request)).StatusCode);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private PortalHost Host(LoggedLines? log = null, params (string Key, string Value)[] settings)
    {
        var host = new PortalHost
        {
            DataDirectory = _directory,
            MoreServices = services =>
            {
                if (log is not null) services.AddSingleton<ILoggerProvider>(log);
            },
        }.KeepDirectory();
        foreach (var (key, value) in settings) host.Settings[key] = value;
        return host;
    }
}

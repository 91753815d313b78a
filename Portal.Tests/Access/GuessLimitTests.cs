using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Core;
using Portal.Core.Access;
using Portal.Core.Audit;
using Xunit;

namespace Portal.Tests.Access;

/// <summary>How many guesses get a look, wherever they come from, and that nobody is locked out by them.</summary>
public sealed class GuessLimitTests : IAsyncLifetime
{
    private readonly PortalHost _host = new();
    private readonly CountingHasher _hasher = new();
    private SignInDesk[] _desks = [];

    [Fact]
    public async Task Of_a_thousand_guesses_from_one_address_five_are_looked_at_and_the_person_still_comes_in_from_elsewhere()
    {
        for (var i = 0; i < 1_000; i++) await GuessAsync(i, PortalHost.AdminEmail, "198.51.100.7");

        Assert.Equal(5, _hasher.Looks);
        Assert.True(await EnterAsync("192.0.2.1"));
        await using var db = _host.Store.OpenRead();
        Assert.Equal(6, await db.AuditLog.CountAsync(a => a.Action == "session.refused"));   // five looks, and the first refusal without one
    }

    [Fact]
    public async Task Of_a_thousand_guesses_from_two_hundred_addresses_twenty_are_looked_at_and_who_was_here_before_still_comes_in()
    {
        Assert.True(await EnterAsync("192.0.2.1"));
        _hasher.Looks = 0;

        for (var i = 0; i < 1_000; i++) await GuessAsync(i, PortalHost.AdminEmail, $"198.51.100.{i % 200}");

        Assert.Equal(20, _hasher.Looks);
        Assert.True(await EnterAsync("192.0.2.1"));
    }

    [Fact]
    public async Task Of_a_thousand_guesses_from_one_address_at_two_hundred_accounts_twenty_are_looked_at()
    {
        for (var i = 0; i < 1_000; i++) await GuessAsync(i, $"user{i % 200}@example.com", "198.51.100.7");

        Assert.Equal(20, _hasher.Looks);
    }

    [Fact]
    public async Task An_unknown_address_costs_as_many_looks_as_a_known_one()
    {
        await GuessAsync(0, PortalHost.AdminEmail, "198.51.100.7");
        var known = _hasher.Looks;
        await GuessAsync(0, "nobody@example.com", "198.51.100.8");

        Assert.Equal((1, 2), (known, _hasher.Looks));
    }

    [Fact]
    public async Task The_same_address_may_try_again_after_ten_minutes_and_a_household_counts_as_one()
    {
        for (var i = 0; i < 6; i++) await GuessAsync(i, PortalHost.AdminEmail, $"2001:db8:1:2::{i + 1}");
        Assert.Equal(5, _hasher.Looks);

        _host.Clock.Pass(TimeSpan.FromMinutes(10.1));
        await GuessAsync(0, PortalHost.AdminEmail, "2001:db8:1:2::9");

        Assert.Equal(6, _hasher.Looks);
    }

    public Task InitializeAsync()
    {
        _desks = [Desk(), Desk()];   // two instances
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private SignInDesk Desk() => new(_host.Store, _hasher, new UpperInvariantLookupNormalizer(), _host.Clock);

    private Task<Outcome<PortalUser>> GuessAsync(int number, string email, string address) =>
        _desks[number % 2].CheckAsync(email, $"guess number {number}", new Actor(CurrentActor.Anonymous, address), default);

    private async Task<bool> EnterAsync(string address) =>
        (await _desks[0].CheckAsync(PortalHost.AdminEmail, PortalHost.Password, new Actor(CurrentActor.Anonymous, address), default)).TryGet(out _, out _);

    private sealed class CountingHasher : IPasswordHasher<PortalUser>
    {
        public int Looks { get; set; }

        public string HashPassword(PortalUser user, string password) => password;

        public PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
        {
            Looks++;
            return providedPassword == PortalHost.Password ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
        }
    }
}

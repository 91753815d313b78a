using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Core.Access;

/// <summary>Guesses that were made within a window: at one account from one network, at one account from all of them, or from one network at all accounts.</summary>
public sealed class SignInTally
{
    /// <summary>Our id.</summary>
    public long Id { get; init; }

    /// <summary>A hash of what is counted: neither addresses nor names are kept.</summary>
    public required string Key { get; init; }

    /// <summary>Guesses since <see cref="Since"/> that proved wrong, or are being looked at.</summary>
    public int Guesses { get; set; }

    /// <summary>When the window began.</summary>
    public required DateTimeOffset Since { get; set; }

    /// <summary>When somebody last proved right there.</summary>
    public DateTimeOffset? SucceededAt { get; set; }

    /// <summary>The key of what is counted.</summary>
    public static string KeyOf(string what, string account, string network) =>
        $"{what}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}\n{network}")).AsSpan(0, 16))}";
}

internal sealed class SignInTallyMap : IEntityTypeConfiguration<SignInTally>
{
    public void Configure(EntityTypeBuilder<SignInTally> tally)
    {
        tally.ToTable("sign_in_tallies");
        tally.Property(t => t.Key).HasMaxLength(60);
        tally.HasIndex(t => t.Key).IsUnique();
        tally.HasIndex(t => t.Since);   // to forget
    }
}

/// <summary>From where somebody comes, as far as limits count: an address, or the network of a household.</summary>
public static class PeerNetwork
{
    /// <summary>An IPv6 household has 2^64 addresses; it counts as one.</summary>
    public static string Of(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };

    /// <summary>The same of an address as text.</summary>
    public static string Of(string? address) => Of(IPAddress.TryParse(address, out var parsed) ? parsed : null);
}

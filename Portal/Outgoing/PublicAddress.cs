using System.Net;
using System.Net.Sockets;

namespace Portal.Outgoing;

/// <summary>Whether an address is one of the public internet. Whatever is not surely so is not: own machines, own networks, and every way to write them.</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] ClosedFour =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
    ];

    /// <summary>Of version 6 only this much is given out at all; loopback, link-local, private, mapped and translated (NAT64) ones lie outside.</summary>
    private static readonly IPNetwork OpenSix = IPNetwork.Parse("2000::/3");

    /// <summary>Inside of it: Teredo and other protocols' own, documentation, and 6to4, which wraps an address of version 4.</summary>
    private static readonly IPNetwork[] ClosedSix =
        [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("3fff::/20")];

    public static bool Is(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => Is(address.MapToIPv4()),
        { AddressFamily: AddressFamily.InterNetwork } => !Array.Exists(ClosedFour, network => network.Contains(address)),
        { AddressFamily: AddressFamily.InterNetworkV6 } => OpenSix.Contains(address) && !Array.Exists(ClosedSix, network => network.Contains(address)),
        _ => false,
    };
}

using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Aedile.Silo.Identity.External;

/// <summary>
/// Which addresses a silo may call because somebody wrote their name into the model: public ones. A silo stands inside
/// of the network; whoever may name an address must not make it knock at doors that only silos reach. Pure.
/// </summary>
internal static class AddressRule
{
    private const int MappedFrom = 12; // NAT64 keeps the IPv4 address in the last four bytes.
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // Special-purpose addresses by the registries of RFC 6890: this host, private, shared, loopback, link-local (there
    // clouds keep their machines' credentials), tests and documentation, multicast, reserved.
    private static readonly ImmutableArray<IPNetwork> Special4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    // Of the global addresses those that lead elsewhere: tunnels (Teredo, 6to4), documentation, benchmarks.
    private static readonly ImmutableArray<IPNetwork> Special6 =
    [
        .. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }
            .Select(text => IPNetwork.Parse(text)),
    ];

    /// <summary>Whether the address is one of the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily is AddressFamily.InterNetwork) return !Special4.Any(net => net.Contains(address));
        if (address.AddressFamily is not AddressFamily.InterNetworkV6 || address.ScopeId != 0) return false;
        if (Nat64.Contains(address)) return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(MappedFrom)));
        return GlobalUnicast.Contains(address) && !Special6.Any(net => net.Contains(address));
    }

    /// <summary>Whether a silo may call it: it is public, or somebody allowed its network on purpose.</summary>
    public static bool MayCall(IPAddress address, ImmutableArray<IPNetwork> allowed)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IsPublic(plain) || allowed.Any(net => net.Contains(plain));
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;
using Aedile.Engine.Identity;

namespace Orleans.Runtime;

/// <summary>
/// One start of a silo: where it listens, and a generation that is higher with every start at that address.
/// Text form <c>address:port@generation</c>.
/// </summary>
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>, IParsable<SiloAddress>
{
    private readonly int _hash;

    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
        _hash = unchecked((int)StableHash.Of(Encoding.UTF8.GetBytes(ToParsableString())));
    }

    public IPEndPoint Endpoint { get; }

    public int Generation { get; }

    public static SiloAddress New(IPEndPoint ep, int gen)
    {
        ArgumentNullException.ThrowIfNull(ep);
        return new SiloAddress(ep, gen);
    }

    public static SiloAddress New(IPAddress address, int port, int generation) =>
        new(new IPEndPoint(address, port), generation);

    /// <exception cref="FormatException"><paramref name="addr"/> is not of the form
    /// <c>address:port@generation</c>.</exception>
    public static SiloAddress FromParsableString(string addr) => Parse(addr);

    /// <inheritdoc cref="FromParsableString"/>
    public static SiloAddress Parse(string value, IFormatProvider? provider = null) =>
        TryParse(value, provider, out var address)
            ? address
            : throw new FormatException($"'{value}' is no silo: expected address:port@generation.");

    public static bool TryParse([NotNullWhen(true)] string? value, [MaybeNullWhen(false)] out SiloAddress result) =>
        TryParse(value, null, out result);

    public static bool TryParse(
        [NotNullWhen(true)] string? value, IFormatProvider? provider, [MaybeNullWhen(false)] out SiloAddress result)
    {
        var at = value?.LastIndexOf('@') ?? -1;
        var isOne = at > 0 & IPEndPoint.TryParse(value.AsSpan(0, Math.Max(at, 0)), out var endpoint)
            & int.TryParse(value.AsSpan(at + 1), CultureInfo.InvariantCulture, out var generation);
        result = isOne ? new SiloAddress(endpoint!, generation) : null;
        return isOne;
    }

    /// <summary>Returns a hash that is equal in all processes.</summary>
    public int GetConsistentHashCode() => _hash;

    public string ToParsableString() => string.Create(CultureInfo.InvariantCulture, $"{Endpoint}@{Generation}");

    /// <summary>Orders by address, port, and generation: the same in all processes.</summary>
    public int CompareTo(SiloAddress? other)
    {
        if (other is null) return 1;
        var byAddress = Endpoint.Address.GetAddressBytes().AsSpan()
            .SequenceCompareTo(other.Endpoint.Address.GetAddressBytes());
        if (byAddress != 0) return byAddress;
        var byPort = Endpoint.Port.CompareTo(other.Endpoint.Port);
        return byPort != 0 ? byPort : Generation.CompareTo(other.Generation);
    }

    public bool Equals(SiloAddress? other) =>
        other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint);

    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    public override int GetHashCode() => _hash;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"S{Endpoint}:{Generation}");
}

using System.Collections.Immutable;

namespace Aedile.Client.Gateway;

/// <summary>Gateways that stay the same: first the one that answered last, then those behind it, and around.</summary>
public sealed class GatewayRotation : IGateways
{
    private readonly ImmutableArray<Uri> _all;
    private int _first;

    /// <summary>Begins with the first of these.</summary>
    /// <param name="addresses">Base addresses, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public GatewayRotation(ImmutableArray<Uri> addresses)
    {
        if (addresses.IsDefaultOrEmpty)
            throw new ArgumentException("A client needs the address of a gateway.", nameof(addresses));
        _all = addresses;
    }

    /// <inheritdoc/>
    public ImmutableArray<Uri> InOrder
    {
        get
        {
            var first = Volatile.Read(ref _first);
            return first == 0 ? _all : [.. _all[first..], .. _all[..first]];
        }
    }

    /// <inheritdoc/>
    public void Answered(Uri gateway) => Volatile.Write(ref _first, Math.Max(0, _all.IndexOf(gateway)));

    /// <inheritdoc/>
    public void TurnAway() => Volatile.Write(ref _first, (Volatile.Read(ref _first) + 1) % _all.Length);
}

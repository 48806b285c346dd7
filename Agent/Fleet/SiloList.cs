using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Aedile.Client.Gateway;

namespace Aedile.Agent.Fleet;

/// <summary>
/// The silos an agent may call: those it was started with, their names resolved anew for each reconnection, and those
/// that the last welcome named, be it one of an earlier run. Thread-safe.
/// </summary>
internal sealed class SiloList(IReadOnlyList<Uri> configured, SiloFile file) : IGateways
{
    private readonly ImmutableArray<Uri> _configured = [.. configured];
    private volatile Known _known = new([.. configured], AsSecure(file.Kept, configured), configured[0]);

    /// <summary>All, without repetition.</summary>
    public ImmutableArray<Uri> Candidates
    {
        get
        {
            var known = _known;
            return [.. known.Learned.Concat(known.Resolved).Distinct()];
        }
    }

    /// <summary>All, beginning with the one that the session stands to, whoever answered last.</summary>
    public ImmutableArray<Uri> InOrder
    {
        get
        {
            var current = _known.Current;
            return [.. Candidates.OrderBy(silo => silo != current)];
        }
    }

    void IGateways.Answered(Uri gateway)
    {
    }

    void IGateways.TurnAway()
    {
    }

    /// <summary>A session with this one is opened.</summary>
    public void Use(Uri silo) => _known = _known with { Current = silo };

    /// <summary>A silo names all that live; an empty list is no news. Cost: one file written, if it is.</summary>
    public void Learn(ImmutableArray<Uri> silos)
    {
        if (silos.IsDefaultOrEmpty || silos.SequenceEqual(_known.Learned)) return;
        _known = _known with { Learned = silos };
        file.Keep(silos);
    }

    /// <summary>
    /// Asks for the addresses behind the configured names. A name with several becomes one candidate each; one that
    /// can't be resolved now stays as it is, for the connection to try.
    /// </summary>
    public async Task Resolve(CancellationToken cancellation)
    {
        var addresses = await Task.WhenAll(_configured.Select(silo => Resolve(silo, cancellation)));
        _known = _known with { Resolved = [.. addresses.SelectMany(a => a)] };
    }

    // A fleet that speaks TLS by now must not get the agent's token in the clear, where another may listen.
    private static ImmutableArray<Uri> AsSecure(ImmutableArray<Uri> kept, IReadOnlyList<Uri> configured) =>
        configured.Any(silo => silo.Scheme is "http") ? kept : [.. kept.Where(silo => silo.Scheme is "https")];

    private static async Task<IEnumerable<Uri>> Resolve(Uri silo, CancellationToken cancellation)
    {
        // A certificate is for the name, not for an address; and every machine is its own "localhost".
        if (silo.Scheme == "https" || silo.HostNameType is not UriHostNameType.Dns || silo.IsLoopback) return [silo];
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(silo.Host, cancellation);
            return addresses.Length > 1 ? addresses.Select(a => At(silo, a)) : [silo];
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return [silo];
        }
    }

    private static Uri At(Uri silo, IPAddress address) => new UriBuilder(silo)
    {
        Host = address.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString(),
    }.Uri;

    private sealed record Known(ImmutableArray<Uri> Resolved, ImmutableArray<Uri> Learned, Uri Current);
}

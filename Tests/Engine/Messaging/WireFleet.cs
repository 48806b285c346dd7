using System.Globalization;
using System.Net;
using Aedile.Engine.Messaging;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Some silos in this process, linked by real sockets. Each fleet has loopback addresses of its own.</summary>
internal sealed class WireFleet : IAsyncDisposable
{
    public const int SiloPort = 20011, GatewayPort = 20012;

    private static uint _fleets;

    private readonly List<WireSilo> _silos = [];
    private readonly uint _fleet = Interlocked.Increment(ref _fleets);

    private WireFleet()
    {
    }

    public Stage Stage { get; } = new();

    public WireSilo this[int silo] => _silos[silo];

    /// <summary>Starts silos; grains live where the number before the colon in their key says.</summary>
    public static async Task<WireFleet> Start(int silos, TimeProvider? clock = null, ILinkSecurity? security = null)
    {
        var fleet = new WireFleet();
        for (var number = 0; number < silos; number++)
        {
            fleet._silos.Add(await WireSilo.Start(
                fleet.AddressOf(number), fleet.Stage, clock, GatewayPort, security, fleet.Addresses));
        }

        fleet.PlaceByKey();
        return fleet;
    }

    public SiloAddress AddressOf(int number, int generation = 1) =>
        SiloAddress.New(new IPEndPoint(IPOf(number), SiloPort), generation);

    public IPEndPoint GatewayOf(int number) => new(IPOf(number), GatewayPort);

    /// <summary>Starts a silo anew at the address of one that is gone, with the next generation.</summary>
    public async Task Restart(int number)
    {
        var address = AddressOf(number, _silos[number].Address.Generation + 1);
        _silos[number] = await WireSilo.Start(address, Stage, gateway: GatewayPort, silos: Addresses);
        PlaceByKey();
    }

    /// <summary>Says to all silos that the grains live where their keys say.</summary>
    public void PlaceByKey()
    {
        foreach (var silo in _silos) silo.Router.Place(Owner);

        SiloAddress? Owner(GrainId grain)
        {
            var key = grain.Key.ToString();
            return key.Contains(':', StringComparison.Ordinal)
                ? _silos[int.Parse(key[..key.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture)]
                    .Address
                : _silos[0].Address;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
    }

    private IEnumerable<SiloAddress> Addresses() => [.. _silos.Select(silo => silo.Address)];

    // Another run of the tests on this machine has other ones, most likely.
    private IPAddress IPOf(int number) => new(
    [
        127, (byte)(64 + (Environment.ProcessId & 0x3f)), (byte)(_fleet >> 5),
        (byte)(1 + ((_fleet & 0x1f) * 8) + number),
    ]);
}

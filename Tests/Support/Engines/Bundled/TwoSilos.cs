using Aedile.Tests.Engine;
using Aedile.Tests.Engine.Messaging;

namespace Aedile.Tests.Support.Engines;

/// <summary>
/// Two silos of the bundled engine and a client that knows the first one's gateway, over real sockets.
/// </summary>
/// <remarks>A grain lives on the silo whose number is before the colon in its key.</remarks>
internal sealed class TwoSilos : IAsyncDisposable
{
    private readonly WireFleet _fleet;
    private readonly WireClient _client;

    private TwoSilos(WireFleet fleet, WireClient client) => (_fleet, _client) = (fleet, client);

    public IGrainFactory Client => _client.Client.GrainFactory;

    /// <summary>What the grains of both silos tell.</summary>
    public Stage Stage => _fleet.Stage;

    public static async Task<TwoSilos> Start()
    {
        var fleet = await WireFleet.Start(2);
        return new TwoSilos(fleet, await WireClient.Start([fleet.GatewayOf(0)]));
    }

    /// <summary>Calls from inside of a silo, outside of grains.</summary>
    public IGrainFactory Silo(int number) => _fleet[number].Grains;

    /// <summary>Calls from the client, or from the first silo.</summary>
    public IGrainFactory From(string where) => where == "client" ? Client : Silo(0);

    /// <returns>How many tally grains a silo hosts; it must host no other.</returns>
    public Task<int> Tallies(int silo) => Task.FromResult(_fleet[silo].Host.Activations);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _fleet.DisposeAsync();
    }
}

namespace Aedile.Tests.Engine.Messaging;

/// <summary>The bundled engine over real sockets; the client knows the first silo's gateway.</summary>
internal sealed class WireSuiteFleet(WireFleet fleet, WireClient client) : SuiteFleet
{
    public override IGrainFactory Client => client.Client.GrainFactory;

    public override Stage Stage => fleet.Stage;

    public static async Task<SuiteFleet> Start(string test)
    {
        var fleet = await WireFleet.Start(2, test: test);
        return new WireSuiteFleet(fleet, await WireClient.Start([fleet.GatewayOf(0)]));
    }

    public override IGrainFactory Silo(int number) => fleet[number].Grains;

    public override async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await fleet.DisposeAsync();
    }
}

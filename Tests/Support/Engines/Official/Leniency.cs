using Orleans.Configuration;

namespace Aedile.Tests.Support.Engines;

/// <summary>What tests of fleets grant the engine, because the official packages promise no better.</summary>
internal static class Leniency
{
    /// <summary>Whether a call may fail so while a silo starts or stops in order.</summary>
    /// <remarks>
    /// A stopping silo refuses calls, even some that its grains have served; grains that were to move there can't begin
    /// for a moment; and a client's calls that are under way through it wait for their limit. All may have run.
    /// </remarks>
    public static bool MayFail(Exception error) => error is OrleansException or TimeoutException;

    /// <summary>Its own settings for a client.</summary>
    public static void Tune(IClientBuilder client) =>
        // By default it sends to a gateway that hangs for up to a minute.
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
}

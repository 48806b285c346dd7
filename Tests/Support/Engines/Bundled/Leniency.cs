namespace Aedile.Tests.Support.Engines;

/// <summary>What tests of fleets grant the engine: nothing.</summary>
internal static class Leniency
{
    /// <summary>Whether a call may fail so while a silo starts or stops in order.</summary>
    public static bool MayFail(Exception _) => false;

    /// <summary>Its own settings for a client.</summary>
    public static void Tune(IClientBuilder client)
    {
    }
}

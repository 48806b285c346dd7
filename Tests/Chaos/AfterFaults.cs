using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Chaos;

/// <summary>What must hold once a fleet has healed, whatever was done to it.</summary>
internal static class AfterFaults
{
    /// <summary>
    /// Waits until every replica is up to date by itself; then all agree on disk, keep what they acknowledged, are
    /// sound, and no lock or quarantine is left.
    /// </summary>
    public static async Task MustHaveHealed(
        this EmbeddedFleet fleet, RepositoryId id, GitWork reader, params IEnumerable<AtomicPusher> pushers)
    {
        await fleet.WhenServing();
        await fleet.WhenAllUpToDate(id, TimeSpan.FromSeconds(60));
        var refs = await reader.RemoteRefs();
        foreach (var pusher in pushers) await pusher.MustBeKept(fleet, id, refs);
        await fleet.WhenClean(id);
        await fleet.MustBeSound(id);
    }

    /// <summary>Waits until the gateway answers; starts the fleet again if its supervisor has ended.</summary>
    public static async Task WhenServing(this EmbeddedFleet fleet)
    {
        if (fleet.HasEnded) await fleet.Run();
        await Eventually.True("the gateway answers", TimeSpan.FromSeconds(30), async () =>
            await fleet.Api.Status(HttpMethod.Get, "/v1/repositories?limit=1") == System.Net.HttpStatusCode.OK);
    }
}

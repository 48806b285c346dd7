using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: kill -9 between any two steps of a push, on one agent, on all agents at once or on the silo, leaves it wholly
/// done or wholly absent, and the fleet heals without a hand.
/// </summary>
public sealed class StepKillTests
{
    private static readonly string[] OnAgent =
    [
        "staged", "prepare-locked", "prepare-synced", "prepared", "commit-decided", "commit-migrated", "commit-refs",
        "commit-closed",
    ];

    private static readonly string[] OnSilo = ["begun", "staged", "ordered", "prepared", "decided", "committed"];

    public static TheoryData<string> AgentPoints => new(OnAgent);

    public static TheoryData<string> SiloPoints => new(OnSilo);

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(AgentPoints))]
    public async Task One_agent_dies_at(string point)
    {
        await using var fleet = await EmbeddedFleet.Start(3, Stop($"storage-1/{point}:2"));
        await PushThroughDeath(fleet, point, mustSucceed: true);
    }

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(AgentPoints))]
    public async Task All_agents_die_at(string point)
    {
        await using var fleet = await EmbeddedFleet.Start(3, Stop($"storage/{point}:2"));
        await PushThroughDeath(fleet, point, mustSucceed: false);
    }

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(SiloPoints))]
    public async Task The_silo_dies_at(string point)
    {
        await using var fleet = await EmbeddedFleet.Start(3, Stop($"silo/{point}:2"));
        await PushThroughDeath(fleet, point, mustSucceed: false);
    }

    private static ImmutableDictionary<string, string> Stop(string where) =>
        ImmutableDictionary<string, string>.Empty.Add(CrashPoints.Variable, where);

    private static async Task PushThroughDeath(EmbeddedFleet fleet, string point, bool mustSucceed)
    {
        var (repository, work) = await fleet.NewRepository("chaos/step");
        using var _ = work;
        using var pusher = new AtomicPusher(await GitWork.Clone(work.Url), "p");
        var acknowledged = await pusher.Push();
        if (mustSucceed) Assert.True(acknowledged, "One agent of three died, and the push was not acknowledged.");

        await fleet.MustHaveHealed(repository.Id, work, pusher);
        Assert.NotEmpty(Directory.EnumerateFiles(fleet.Data, "stopped-at-" + point, SearchOption.AllDirectories));
        Assert.True(await pusher.Push(), "The healed fleet refused a push.");
        await fleet.MustHaveHealed(repository.Id, work, pusher);
    }
}

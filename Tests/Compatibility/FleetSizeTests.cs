using Aedile.Tests.Support;

namespace Aedile.Tests.Compatibility;

/// <summary>Goal: a fleet of one or two agents works as one of three does.</summary>
public sealed class FleetSizeTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Pushes_and_clones_work_with_fewer_agents_and_leave_nothing_behind(int agents)
    {
        await using var fleet = await EmbeddedFleet.Start(agents);
        var (repository, work) = await fleet.NewRepository("small/fleet");
        using var _ = work;
        Assert.Equal(agents, repository.Replicas.Length);
        await work.Commit("second");
        await work.Ok("push", "-q", "origin", "main", "main:side");
        using var clone = await GitWork.Clone(fleet.GitUrl("small/fleet"));
        Assert.Equal(await work.Head(), await clone.Head());
        await fleet.WhenAllUpToDate(repository.Id);

        await fleet.Stop();
        Assert.Empty(fleet.Leaks());
        await fleet.Run();
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/side"]);
    }
}

using Aedile.Tests.Support;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: without any one agent reads go on at once, pushes within 3 s (6 s when it hangs), and it catches up by itself.
/// </summary>
public sealed class AgentLossTests(ThreeAgentFleet fleet) : IClassFixture<ThreeAgentFleet>
{
    [Theory(Timeout = 180_000)]
    [InlineData("KILL", true)]
    [InlineData("KILL", false)]
    [InlineData("STOP", true)]
    [InlineData("STOP", false)]
    public async Task Reads_go_on_at_once_and_pushes_soon_without_an_agent(string signal, bool primary)
    {
        var (repository, work) = await fleet.NewRepository($"chaos/{signal}-{primary}".ToLowerInvariant());
        using var _ = work;
        using var pusher = new AtomicPusher(await GitWork.Clone(work.Url), "p");
        Assert.True(await pusher.Push());
        var lost = (await fleet.Api.Get(repository.Id)).Replicas
            .First(r => (r.Node == repository.Primary) == primary).Node.Value;
        var pid = fleet.Find(lost).Pid;

        using var stop = new CancellationTokenSource();
        var stream = pusher.PushUntil(stop.Token);
        await Eventually.True("the stream flows", TimeSpan.FromSeconds(20), () =>
            Task.FromResult(pusher.Acknowledged > 3));
        var clock = TimeProvider.System;
        await Signals.Send(signal, pid);
        var start = clock.GetTimestamp();
        using var clone = await GitWork.Clone(work.Url);
        var read = clock.GetElapsedTime(start);
        await Eventually.True("a push succeeds", TimeSpan.FromSeconds(20),
            async () => (await work.Git("push", "-q", "origin", $"main:refs/heads/after-{signal}")).ExitCode == 0);
        var pushed = clock.GetElapsedTime(start);
        await stop.CancelAsync();
        await stream;
        if (signal == "STOP") await Signals.Send("CONT", pid);

        TestContext.Current.TestOutputHelper?.WriteLine($"read after {read}, push after {pushed}");
        await fleet.MustHaveHealed(repository.Id, work, pusher);
        // A killed agent's connections break at once. One that hangs is known by three missed beats alone, of 1 s.
        var readLimit = TimeSpan.FromSeconds(signal == "STOP" ? 4 : 2);
        Assert.True(read < readLimit, $"The read took {read}.");
        Assert.True(pushed < TimeSpan.FromSeconds(signal == "STOP" ? 6 : 3), $"Pushes succeeded only after {pushed}.");
    }

    [Fact(Timeout = 180_000)]
    public async Task An_agent_restarted_by_hand_catches_up_by_itself()
    {
        var (repository, work) = await fleet.NewRepository("chaos/by-hand");
        using var _ = work;
        var lost = fleet.Find(repository.Primary!.Value.Value);
        var (start, variables) = await ProcessImage.Read(lost.Pid);
        await Signals.Send("KILL", lost.Pid);
        await work.Commit("while-away");
        await Eventually.True("a push succeeds", TimeSpan.FromSeconds(20),
            async () => (await work.Git("push", "-q", "origin", "main")).ExitCode == 0);

        var command = new Command(start[0], [.. start.Skip(1)]) { Variables = variables, Folder = SourceTree.Root };
        using var byHand = command.Start();
        try { await fleet.MustHaveHealed(repository.Id, work); }
        finally { byHand.Kill(entireProcessTree: true); }
        await fleet.MustHaveHealed(repository.Id, work);
    }

    [Fact(Timeout = 180_000)]
    public async Task Two_agents_lost_make_pushes_fail_clearly_and_one_return_heals()
    {
        var (repository, work) = await fleet.NewRepository("chaos/two");
        using var _ = work;
        var pids = fleet.Agents().Take(2).Select(a => a.Pid).ToList();
        await Signals.Send("STOP", pids);
        await work.Commit("second");
        var refused = await work.Git("push", "origin", "main");
        await Signals.Send("CONT", pids[0]);
        refused.MustFail("replica");
        await Eventually.True("a push succeeds", TimeSpan.FromSeconds(20),
            async () => (await work.Git("push", "-q", "origin", "main")).ExitCode == 0);
        await Signals.Send("CONT", pids[1]);
        await fleet.MustHaveHealed(repository.Id, work);
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);
    }
}

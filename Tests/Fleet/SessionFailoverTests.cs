using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: real agents and real silos on one database: whichever silo an agent's session is with, every silo knows the
/// node, and a move is never shown as a going.
/// </summary>
public sealed class SessionFailoverTests
{
    private const int TestLimitMs = 180_000;

    // Looks at one silo's view all the time; each state it saw is in the list once, in order.
    private static async Task<List<string>> Watch(SiloSet set, int silo, int agent, CancellationToken until)
    {
        var seen = new List<string>();
        while (!until.IsCancellationRequested)
        {
            var node = await set.Node(silo, agent);
            var state = node.Healthy ? node.State : "gone";
            if (seen.Count == 0 || seen[^1] != state) seen.Add(state);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
        return seen;
    }

    [Fact(Timeout = TestLimitMs)]
    public async Task Agent_that_moves_from_silo_to_silo_and_back_is_never_shown_as_gone()
    {
        await using var set = new SiloSet();
        await set.StartSilos(1, 2, 3);
        await set.StartAgent(1, 1);
        var first = await set.UntilNode(3, 1, n => n.State == "running");
        await set.UntilKnown(1, 3);
        Assert.Equal("silo-1", first.Silo);
        using var enough = new CancellationTokenSource();
        var watching = Watch(set, 3, 1, enough.Token);

        // A session must have been stable before the same silo is asked again: killed, it is refused, then B is asked.
        await set.Kill("silo-1");
        var second = await set.UntilNode(3, 1, n => n is { State: "running" } && n.Epoch > first.Epoch);
        await set.StartSilos(1);
        await set.Kill(second.Silo == "silo-3" ? "silo-1" : second.Silo!);
        if (second.Silo != "silo-3") await set.UntilNode(3, 1, n => n.State == "running" && n.Epoch > second.Epoch);
        await enough.CancelAsync();
        var seen = await watching;
        Assert.DoesNotContain("gone", seen);
        Assert.DoesNotContain("unknown", seen);
        Assert.Equal(first.Pid, (await set.Node(3, 1)).Pid);
    }

    [Fact(Timeout = TestLimitMs)]
    public async Task Silo_that_stops_in_order_sends_its_agents_on_and_no_node_is_lost()
    {
        await using var set = new SiloSet();
        await set.StartSilos(1, 2);
        await set.StartAgent(1, 1);
        await set.StartAgent(2, 1);
        foreach (var agent in new[] { 1, 2 })
        {
            await set.UntilNode(2, agent, n => n.State == "running");
            await set.UntilKnown(agent, 2);
        }
        using var enough = new CancellationTokenSource();
        var watching = Task.WhenAll(Watch(set, 2, 1, enough.Token), Watch(set, 2, 2, enough.Token));
        Assert.Equal(0, await set.Stop("silo-1"));
        foreach (var agent in new[] { 1, 2 })
            await set.UntilNode(2, agent, n => n is { State: "running", Silo: "silo-2" });
        await enough.CancelAsync();
        foreach (var seen in await watching) Assert.DoesNotContain("gone", seen);
        await Eventually.True("silo-2 knows that it stopped", TimeSpan.FromSeconds(10), async () =>
            (await set.Fleet(2)).Silos.SingleOrDefault(s => s.Name == "silo-1")
                is null or { Ready: false, Reason: "It stopped." });
    }

    [Fact(Timeout = TestLimitMs)]
    public async Task Agent_that_dies_is_gone_on_every_silo_at_once_and_back_with_its_restart()
    {
        await using var set = new SiloSet();
        await set.StartSilos(1, 2);
        await set.StartAgent(1, 2);
        await set.UntilNode(1, 1, n => n.State == "running");
        await set.Kill("storage-1");
        var clock = TimeProvider.System;
        var since = clock.GetTimestamp();
        await set.UntilNode(1, 1, n => !n.Healthy);
        Assert.True(clock.GetElapsedTime(since) < TimeSpan.FromSeconds(3), $"{clock.GetElapsedTime(since)}");
        Assert.False((await set.Node(2, 1)).Healthy);
        await set.StartAgent(1, 2);
        var again = await set.UntilNode(1, 1, n => n.State == "running");
        Assert.Equal(2, again.Epoch);
    }

    [Fact(Timeout = TestLimitMs)]
    [Trait("Engine", "Bundled")] // Its silos, on one file, share no membership; others end once they are put out.
    public async Task Hung_silo_loses_its_agents_to_another_and_its_late_words_change_nothing()
    {
        await using var set = new SiloSet();
        await set.StartSilos(1, 2);
        await set.StartAgent(1, 1);
        await set.UntilNode(2, 1, n => n.State == "running");
        await set.UntilKnown(1, 2);
        using var enough = new CancellationTokenSource();
        var watching = Watch(set, 2, 1, enough.Token);
        await set.Signal("silo-1", "STOP");
        // Without an epoch, if silo-1 stands still inside of a write: their file is locked until it goes on.
        await set.UntilNode(2, 1, n => n is { State: "running", Silo: "silo-2" });
        await set.Signal("silo-1", "CONT");
        var moved = await set.UntilNode(2, 1, n => n is { State: "running", Silo: "silo-2", Epoch: > 1 });
        await Eventually.True("silo-1 knows it", TimeSpan.FromSeconds(10), async () =>
            await set.Node(1, 1) is { State: "running", Silo: "silo-2" } node && node.Epoch >= moved.Epoch);
        await enough.CancelAsync();
        Assert.DoesNotContain("gone", await watching);
    }

    [Fact(Timeout = TestLimitMs)]
    public async Task Agent_that_starts_again_while_the_silo_it_was_told_of_is_dead_finds_another()
    {
        await using var set = new SiloSet();
        await set.StartSilos(1, 2);
        await set.StartAgent(1, 1);
        await set.UntilKnown(1, 2);
        await set.Kill("silo-1");
        await set.Kill("storage-1");
        await set.StartAgent(1, 1);
        await set.UntilNode(2, 1, n => n is { State: "running", Silo: "silo-2" });
    }
}

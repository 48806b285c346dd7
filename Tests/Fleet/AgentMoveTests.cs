using Aedile.Client.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: an agent goes from silo A to B and back to A, real processes on a PostgreSQL, and each of the old owners wakes
/// up late: nobody who asks any silo at any moment is told that the node is unknown.
/// </summary>
public sealed class AgentMoveTests
{
    private const string Node = "storage-1";
    private static readonly int[] All = [1, 2, 3];

    // A silo that was put out starts anew; everything else takes seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact(Timeout = 400_000)]
    public async Task From_a_to_b_to_a_no_silo_ever_shows_the_node_as_unknown_and_late_owners_change_nothing()
    {
        await using var set = new SiloSet(onPostgres: true);
        await set.StartSilos(All);
        await set.StartAgent(1, All);
        var first = (await UntilAgreed(set, after: 0)).Node;
        var a = NumberOf(first.Silo);
        await using var watch = new NodeWatch(set, Node, [.. All]);

        // A stands still: the agent finds B.
        await set.Signal(SiloSet.Silo(a), "STOP");
        var second = await UntilMoved(set, All.First(silo => silo != a), first);
        var b = NumberOf(second.Silo);
        Assert.NotEqual(a, b);
        await HaveItSay(set, b, second);
        await set.Signal(SiloSet.Silo(a), "CONT");
        var settled = (await UntilAgreed(set, second.Epoch!.Value)).Node;
        Assert.Equal((second.Silo, second.Epoch), (settled.Silo, settled.Epoch));

        // B stands still, and the third one is dead: the agent finds A.
        await set.Kill(SiloSet.Silo(All.Single(silo => silo != a && silo != b)));
        await set.Signal(SiloSet.Silo(b), "STOP");
        var third = await UntilMoved(set, a, second);
        Assert.Equal(first.Silo, third.Silo);
        await HaveItSay(set, a, third);
        await set.Signal(SiloSet.Silo(b), "CONT");
        settled = (await UntilAgreed(set, third.Epoch!.Value)).Node;
        Assert.Equal((third.Silo, third.Epoch), (settled.Silo, settled.Epoch));

        var seen = await watch.End();
        Assert.DoesNotContain(seen, what => what.Contains("unknown", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, what => what.Contains("wrong", StringComparison.Ordinal));
        foreach (var silo in All) Assert.Contains($"{SiloSet.Silo(silo)}: running", seen);
    }

    // All silos live, know each other and say the same of the node, and what it said over this session or a later one.
    // One that the others put out while it stood still ends when it wakes up; whoever runs it starts it again.
    private static Task<NodeDetailResource> UntilAgreed(SiloSet set, long after) => Eventually.Value(
        "all silos say the same of the node", Limit, async () =>
        {
            foreach (var silo in All.Where(silo => !set.IsAlive(SiloSet.Silo(silo)))) await set.StartSilos(silo);
            var answers = new List<NodeDetailResource>();
            foreach (var silo in All)
            {
                if ((await set.Fleet(silo)).Silos.Count(other => other.Ready) < All.Length) return null;
                answers.Add(await Look(set, silo));
            }

            var (state, epoch) = (answers[0].Node.State, answers[0].Node.Epoch);
            return state == "running" && epoch >= after && answers[0].Report?.Epoch >= after
                && answers.TrueForAll(one => one.Node.State == state && one.Node.Epoch == epoch)
                    ? answers[0]
                    : null;
        });

    private static Task<NodeResource> UntilMoved(SiloSet set, int silo, NodeResource before) => Eventually.Value(
        $"{SiloSet.Silo(silo)} sees it elsewhere than {before.Silo}", Limit, async () =>
            (await Look(set, silo)).Node is { State: "running" } node && node.Epoch > before.Epoch ? node : null);

    // Something new of itself, over this session: that it has a replica more.
    private static async Task HaveItSay(SiloSet set, int silo, NodeResource session)
    {
        using var api = set.Api(silo);
        await api.Create($"epoch-{session.Epoch}");
        await Eventually.True("its new words are shown", Limit, async () =>
            (await Look(set, silo)).Report is { } report && report.Epoch == session.Epoch);
    }

    private static Task<NodeDetailResource> Look(SiloSet set, int silo) =>
        set.Get<NodeDetailResource>(silo, $"/v1/nodes/{Node}");

    private static int NumberOf(string? silo) => All.Single(number => SiloSet.Silo(number) == silo);
}

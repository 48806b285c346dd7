using Aedile.Client.Gateway;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: a program that knows two gateways doesn't notice that one of them is killed.</summary>
public sealed class ClientFailoverTests
{
    [Fact(Timeout = 120_000)]
    public async Task Writes_reads_and_changes_go_on_when_a_silo_is_killed()
    {
        await using var silos = new SiloSet();
        await silos.StartSilos(1, 2);
        using var client = new AedileClient(
            new GatewayOptions([silos.Address(1), silos.Address(2)]) { Patience = TimeSpan.FromSeconds(30) },
            TimeProvider.System) { Token = silos.Token };
        var before = (await client.Model.Describe()).Index;
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        var following = Follow(client, before, 20, enough.Token);
        for (var i = 0; i < 20; i++)
        {
            if (i == 10) await silos.Kill(SiloSet.Silo(1));
            var id = EntityId.Parse($"node-{i}");
            var made = await client.Model.Create(EntityDraft.Of(new NodeSpec([])), id);
            Assert.Equal(made.Index, (await client.Model.Get(EntityKey.Of<NodeSpec>(id))).Version);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"node-{i}"), await following);
    }

    private static async Task<List<string>> Follow(
        AedileClient client, long after, int count, CancellationToken cancellation)
    {
        var seen = new List<string>();
        await foreach (var entry in client.Changes.Read(after, cancellation: cancellation))
        {
            seen.AddRange(entry.Changes.Where(change => change.Key.Kind == EntityKind.Of<NodeSpec>())
                .Select(change => change.Key.Id.Value));
            if (seen.Count >= count) break;
        }

        return seen;
    }
}

using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Hosting;
using Aedile.Silo.Model;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// Sees to it that every node that was ever here is in the model, where it is given attributes. The first of the living
/// silos looks once a second; what it did not write, the next look writes.
/// </summary>
internal sealed class NodeDefinitions(
    FleetNodes nodes, ModelReplica replica, ModelWriter writer, IIdSource ids, TimeProvider clock) : BackgroundService
{
    private const int ChangesMax = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The creations of those that a state lacks.</summary>
    public static ImmutableArray<WriteChange> CreateMissing(ModelState state, IEnumerable<NodeName> names) =>
    [
        .. names.Select(name => EntityId.Parse(name.Value)).Where(id => state.Find<NodeSpec>(id) is null).Distinct()
            .Take(ChangesMax).Select(id => SpecChanges.Create(id, new NodeSpec([]))),
    ];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!nodes.IsFirst || !replica.IsJournalThere) continue;
            var changes = CreateMissing(replica.Current, nodes.Known);
            if (!changes.IsEmpty)
                await writer.Write(
                    new WriteCommand(ids.Next(), "silo", null, changes, ActorRights.System), stoppingToken);
        }
    }
}

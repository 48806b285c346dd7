using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Interfaces.Model;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Hosting;
using Aedile.Silo.Model;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Sees to it that each virtual storage of the configuration is in the model; one that is there stays as it is. So who
/// wants to delete one takes it out of the configuration first.
/// </summary>
internal sealed class ConfiguredStorages(
    IOptions<VirtualStorageOptions> options, ModelReplica replica, ModelWriter writer, IIdSource ids,
    TimeProvider clock, ILogger<ConfiguredStorages> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Creates those that are missing.</summary>
    /// <returns>Whether all are there.</returns>
    public async Task<bool> Ensure(CancellationToken cancellation)
    {
        var state = replica.Current;
        var missing = options.Value.VirtualStorages
            .Where(storage => state.Find<VirtualStorageSpec>(EntityId.Parse(storage.Name)) is null).ToList();
        if (missing.Count == 0) return true;
        var nodes = NodeDefinitions.CreateMissing(
            state, missing.SelectMany(storage => storage.Nodes).Select(name => NodeName.Parse(name)));
        var command = new WriteCommand(
            ids.Next(), "silo", null, [.. nodes, .. missing.Select(Create)], ActorRights.System);
        var (reply, _) = await writer.Write(command, cancellation);
        if (reply.Outcome is WriteOutcome.Written) return true;
        // Another silo may have been faster: the next look finds them.
        if (reply.Refusal is { Rule: not WriteRule.IdTaken } refusal) log.StoragesRefused(refusal.Detail);
        return false;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await Ensure(stoppingToken)) await Task.Delay(Pause, clock, stoppingToken);
    }

    private static WriteChange Create(VirtualStorage storage)
    {
        ImmutableArray<RoleSelector> nodes = storage.Nodes.Count == 0
            ? [RoleSelector.Everything]
            : [.. storage.Nodes.Select(name => RoleSelector.Parse("@" + name))];
        return SpecChanges.Create(
            EntityId.Parse(storage.Name), new VirtualStorageSpec(storage.ReplicationFactor, nodes));
    }
}

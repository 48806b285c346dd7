using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Hosting;
using Aedile.Silo.Model;
using NodeName = Aedile.Client.Fleet.NodeName;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>How an attempt to create a repository ended.</summary>
internal abstract record Creation
{
    private Creation() { }

    /// <summary>It exists.</summary>
    public sealed record Done(RepositoryRecord Record, RepositoryView? View) : Creation;

    /// <summary>It is durably wanted, but too few nodes are there; it will exist without another call.</summary>
    public sealed record Wanted(RepositoryRecord Record) : Creation;

    /// <summary>Another repository has the path.</summary>
    public sealed record PathTaken : Creation;

    /// <summary>The client's key stands for another request, or for a repository that was deleted since.</summary>
    public sealed record KeyTaken(bool IsSame) : Creation;

    /// <summary>Its virtual storage was deleted meanwhile.</summary>
    public sealed record NoStorage : Creation;

    /// <summary>No node is known that could hold it.</summary>
    public sealed record NoNodes : Creation;
}

/// <summary>
/// Creates and deletes repositories: first the intent in the directory, then the grain, then the directory again. What
/// stops half-way is taken up by <see cref="RepositorySettlement"/>.
/// </summary>
internal sealed class RepositoryProvisioning(
    RepositoryDirectory directory, ConfiguredStorages configured, ModelReplica replica, FleetNodes fleet,
    IGrainFactory grains, IIdSource ids, TimeProvider clock, ILogger<RepositoryProvisioning> log) : IDisposable
{
    private const int LockCount = 64;

    // One at a time for one repository: a creation that was read before a deletion must not run after it.
    private readonly ImmutableArray<SemaphoreSlim> _locks =
        [.. Enumerable.Range(0, LockCount).Select(_ => new SemaphoreSlim(1))];

    /// <summary>The virtual storage of this name; null when there is none.</summary>
    public async Task<Entity?> FindStorage(string name, CancellationToken cancellation)
    {
        if (!EntityId.TryParse(name, null, out var id)) return null;
        var key = EntityKey.Of<VirtualStorageSpec>(id);
        if (replica.Current.Find(key) is { } known) return known;
        await directory.Refresh();
        // Right after the first start it may still be on its way from the configuration.
        await configured.Ensure(cancellation);
        return replica.Current.Find(key);
    }

    /// <summary>
    /// Creates a repository; <paramref name="branch"/> is a full name. Repeated with the same key it answers for the
    /// repository that the first call created; null for no key.
    /// </summary>
    public async Task<Creation> Create(
        Entity storage, RepositoryPath path, string branch, string actor, string? key)
    {
        if (key is not null && await Repeat(actor, key, storage.Id, path, branch) is { } repeated) return repeated;
        var spec = (VirtualStorageSpec)storage.Spec;
        var id = RepositoryId.From(ids.Next());
        var nodes = Placement.Choose(id, NodesOf(spec), fleet.IsHealthy, spec.ReplicationFactor);
        if (nodes.IsEmpty) return new Creation.NoNodes();
        var record = new RepositoryRecord(
            id, storage.Id, path, branch, clock.GetUtcNow(), nodes, RepositoryStage.Creating);
        return await directory.Add(record, actor, key) switch
        {
            Addition.Done => await Finish(record),
            Addition.NoStorage => new Creation.NoStorage(),
            // The same request may have come twice at once.
            var taken => key is not null && await Repeat(actor, key, storage.Id, path, branch) is { } again ? again
                : taken is Addition.KeyTaken ? new Creation.KeyTaken(IsSame: false) : new Creation.PathTaken(),
        };
    }

    /// <summary>Deletes a repository. When it returns, that is decided and the path is free.</summary>
    public async Task Delete(RepositoryRecord record, string actor)
    {
        await directory.Release(record.Id, actor);
        await Settle(record.Id, CancellationToken.None);
    }

    /// <summary>
    /// Takes an unfinished creation or deletion a step further. Idempotent; a failure is logged, not thrown.
    /// </summary>
    /// <returns>The repository, if this call has finished its creation.</returns>
    public async Task<RepositoryView?> Settle(RepositoryId id, CancellationToken cancellation)
    {
        var @lock = _locks[id.Value[0] * 16 % LockCount ^ id.Value[1] % LockCount];
        await @lock.WaitAsync(cancellation);
        try
        {
            var grain = grains.GetGrain<IRepositoryGrain>(id.Value);
            // What was deleted meanwhile, by another silo, must not be created again.
            await directory.Refresh();
            return await directory.Get(id) switch
            {
                { Stage: RepositoryStage.Creating } record => await Create(grain, record, cancellation),
                { Stage: RepositoryStage.Deleting } => await Delete(grain, id, cancellation),
                _ => null,
            };
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Whatever failed, the intent stands, and the next round tries again.
            log.NotSettled(error, id);
            return null;
        }
        finally
        {
            @lock.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var @lock in _locks) @lock.Dispose();
    }

    private async Task<Creation?> Repeat(
        string actor, string key, EntityId storage, RepositoryPath path, string branch)
    {
        if (await directory.FindByKey(actor, key) is not { } id) return null;
        if (await directory.Get(id) is not { } record) return new Creation.KeyTaken(IsSame: true);
        if ((record.VirtualStorage, record.Path, record.DefaultBranch) != (storage, path, branch))
            return new Creation.KeyTaken(IsSame: false);
        return record.Stage is RepositoryStage.Deleting
            ? new Creation.KeyTaken(IsSame: true) : await Finish(record);
    }

    // The intent is durable: a client that leaves must not stop it half-way.
    private async Task<Creation> Finish(RepositoryRecord record)
    {
        var view = await Settle(record.Id, CancellationToken.None);
        return await directory.Get(record.Id) is { Stage: RepositoryStage.Active } active
            ? new Creation.Done(active, view)
            : new Creation.Wanted(record);
    }

    private async Task<RepositoryView?> Create(
        IRepositoryGrain grain, RepositoryRecord record, CancellationToken cancellation)
    {
        var reply = await grain.Create(
            new CreateRepository(
                record.VirtualStorage.Value, record.Path, record.DefaultBranch, record.Nodes, record.CreatedAt),
            cancellation);
        if (reply.Outcome is not CreateOutcome.Created)
        {
            log.NotCreated(record.Id, reply.Outcome, reply.Detail);
            return null;
        }
        await directory.Activate(record.Id);
        log.Created(record.Id, record.VirtualStorage.Value, record.Path);
        return reply.View;
    }

    private async Task<RepositoryView?> Delete(IRepositoryGrain grain, RepositoryId id, CancellationToken cancellation)
    {
        // A node that is away keeps the row: its return must reach the grain.
        if (await grain.Delete(cancellation) is not (DeleteOutcome.Deleted or DeleteOutcome.NotFound)) return null;
        await directory.Forget(id);
        log.Deleted(id);
        return null;
    }

    // A node that was never here may be asked for by its id.
    private IEnumerable<NodeName> NodesOf(VirtualStorageSpec storage)
    {
        var state = replica.Current;
        var named = storage.Nodes.Select(selector => selector.Id).OfType<EntityId>()
            .Select(id => NodeName.Parse(id.Value));
        return fleet.Known.Union(named).Where(node =>
        {
            var id = EntityId.Parse(node.Value);
            var spec = state.Find<NodeSpec>(id) ?? new NodeSpec([]);
            return !spec.IsDrained && RoleSelector.Select(storage.Nodes, storage.Semantic, id, spec.Attributes);
        });
    }
}

using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage.Repositories;
using Microsoft.Extensions.Options;
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

    /// <summary>No node is known that could hold it.</summary>
    public sealed record NoNodes : Creation;
}

/// <summary>
/// Creates and deletes repositories: first the intent in the directory, then the grain, then the directory again. What
/// stops half-way is taken up by <see cref="RepositorySettlement"/>.
/// </summary>
internal sealed class RepositoryProvisioning(
    RepositoryDirectory directory, FleetNodes fleet, IGrainFactory grains, IIdSource ids,
    IOptions<VirtualStorageOptions> options, TimeProvider clock, ILogger<RepositoryProvisioning> log) : IDisposable
{
    private const int LockCount = 64;

    // One at a time for one repository: a creation that was read before a deletion must not run after it.
    private readonly ImmutableArray<SemaphoreSlim> _locks =
        [.. Enumerable.Range(0, LockCount).Select(_ => new SemaphoreSlim(1))];

    /// <summary>The virtual storage of this name; null when there is none.</summary>
    public VirtualStorage? FindStorage(string name) =>
        options.Value.VirtualStorages.FirstOrDefault(s => s.Name == name);

    /// <summary>
    /// Creates a repository; <paramref name="branch"/> is a full name. Repeated with the same key it answers for the
    /// repository that the first call created; null for no key.
    /// </summary>
    public async Task<Creation> Create(
        VirtualStorage storage, RepositoryPath path, string branch, string? key)
    {
        var request = key is null ? null : new CreationRequest(key, $"{storage.Name}\n{path}\n{branch}");
        if (request is not null && await Repeat(request) is { } repeated) return repeated;
        var id = RepositoryId.From(ids.Next());
        var nodes = Placement.Choose(id, NodesOf(storage), fleet.IsHealthy, storage.ReplicationFactor);
        if (nodes.IsEmpty) return new Creation.NoNodes();
        var record = new RepositoryRecord(
            id, storage.Name, path, branch, clock.GetUtcNow(), nodes, RepositoryRecordState.Creating);
        if (!await directory.TryAdd(record, request))
            // The same request may have come twice at once.
            return request is not null && await Repeat(request) is { } again ? again : new Creation.PathTaken();
        return await Finish(record);
    }

    /// <summary>Deletes a repository. When it returns, that is decided and the path is free.</summary>
    public async Task Delete(RepositoryRecord record)
    {
        await directory.Release(record);
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
            return await directory.Get(id) switch
            {
                { State: RepositoryRecordState.Creating } record => await Create(grain, record, cancellation),
                { State: RepositoryRecordState.Deleting } => await Delete(grain, id, cancellation),
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

    private async Task<Creation?> Repeat(CreationRequest request)
    {
        if (await directory.FindRequest(request.Key) is not { } known) return null;
        if (known.Content != request.Content) return new Creation.KeyTaken(IsSame: false);
        return await directory.Get(known.Id) is { State: not RepositoryRecordState.Deleting } record
            ? await Finish(record)
            : new Creation.KeyTaken(IsSame: true);
    }

    // The intent is durable: a client that leaves must not stop it half-way.
    private async Task<Creation> Finish(RepositoryRecord record)
    {
        var view = await Settle(record.Id, CancellationToken.None);
        return await directory.Get(record.Id) is { State: RepositoryRecordState.Active } active
            ? new Creation.Done(active, view)
            : new Creation.Wanted(record);
    }

    private async Task<RepositoryView?> Create(
        IRepositoryGrain grain, RepositoryRecord record, CancellationToken cancellation)
    {
        var reply = await grain.Create(
            new CreateRepository(
                record.VirtualStorage, record.Path, record.DefaultBranch, record.Nodes, record.CreatedAt),
            cancellation);
        if (reply.Outcome is not CreateOutcome.Created)
        {
            log.NotCreated(record.Id, reply.Outcome, reply.Detail);
            return null;
        }
        await directory.Activate(record.Id);
        log.Created(record.Id, record.VirtualStorage, record.Path);
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

    private IEnumerable<NodeName> NodesOf(VirtualStorage storage) =>
        storage.Nodes.Count > 0 ? storage.Nodes.Select(n => NodeName.Parse(n)) : fleet.Known;
}

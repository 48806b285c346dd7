using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Identity.Agents;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Reaches storage nodes over HTTP. A call ends at once when its node goes.</summary>
internal sealed class StorageNodes(
    FleetNodes fleet, FleetSync sync, StorageNodeClient client, AgentTokens tokens, TimeProvider clock) : IStorageNodes
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ChangeLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public bool IsHealthy(NodeName node) => fleet.IsHealthy(node);

    /// <inheritdoc/>
    public Uri? GetEndpoint(NodeName node) => fleet.GetEndpoint(node);

    /// <inheritdoc/>
    public Task CatchUp(CancellationToken cancellation) => sync.CatchUp(cancellation);

    /// <inheritdoc/>
    public Task<ReplicaReport> Report(NodeName node, RepositoryId repository, CancellationToken cancellation) =>
        Call(node, AskLimit, (at, ct) => client.Report(at, repository, ct), cancellation);

    /// <inheritdoc/>
    public Task<EntryReport> Entry(
        NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation) =>
        Call(node, AskLimit, (at, ct) => client.Entry(at, repository, transaction, ct), cancellation);

    /// <inheritdoc/>
    public Task<CommandReply> Create(
        NodeName node, RepositoryId repository, CreateReplica command, CancellationToken cancellation) =>
        Call(node, ChangeLimit, (at, ct) => client.Create(at, repository, command, ct), cancellation);

    /// <inheritdoc/>
    public Task<PrepareReply> Prepare(
        NodeName node, RepositoryId repository, PrepareWrite command, CancellationToken cancellation) =>
        Call(node, WriteLimit, (at, ct) => client.Prepare(at, repository, command, ct), cancellation);

    /// <inheritdoc/>
    public Task<CommandReply> Commit(
        NodeName node, RepositoryId repository, CommitWrite command, CancellationToken cancellation) =>
        Call(node, WriteLimit, (at, ct) => client.Commit(at, repository, command, ct), cancellation);

    /// <inheritdoc/>
    public Task<CommandReply> Abort(
        NodeName node, RepositoryId repository, AbortWrite command, CancellationToken cancellation) =>
        Call(node, AskLimit, (at, ct) => client.Abort(at, repository, command, ct), cancellation);

    /// <inheritdoc/>
    public Task<CommandReply> Repair(
        NodeName node, RepositoryId repository, RepairReplica command, CancellationToken cancellation) =>
        Call(
            node, Timeout.InfiniteTimeSpan, (at, ct) => client.Repair(at, repository, WithToken(command), ct),
            cancellation);

    /// <inheritdoc/>
    public Task<CommandReply> Delete(
        NodeName node, RepositoryId repository, DeleteReplica command, CancellationToken cancellation) =>
        Call(node, ChangeLimit, (at, ct) => client.Delete(at, repository, command, ct), cancellation);

    // Made at the border: a grain has no business with secrets.
    private RepairReplica WithToken(RepairReplica command) =>
        command.SourceNode is { } source ? command with { SourceToken = tokens.ForFetch(source) } : command;

    private async Task<T> Call<T>(
        NodeName node, TimeSpan limit, Func<NodeAddress, CancellationToken, Task<T>> call,
        CancellationToken cancellation)
    {
        if (fleet.Get(node) is not { } here)
            throw new StorageNodeException($"Node {node} has no session.");
        using var deadline = new CancellationTokenSource(limit, clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, here.Ended, cancellation);
        try
        {
            return await call(here.Address, any.Token);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            var reason = here.Stands ? $"did not answer within {limit}" : "lost its session";
            throw new StorageNodeException($"Node {node} {reason}.", error);
        }
        catch (HttpRequestException error)
        {
            throw new StorageNodeException($"Node {node} can't be reached: {error.Message}", error);
        }
        catch (StorageNodeRefusedException error)
        {
            // A wrong token or an unknown command: our programs disagree. For the caller the node is as good as away.
            throw new StorageNodeException($"Node {node} refused: {error.Message}", error);
        }
    }
}

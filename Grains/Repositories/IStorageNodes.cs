using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>
/// How a repository's grain reaches storage nodes. The silo implements it over HTTP; simulation over its own network.
/// Every call may throw <see cref="StorageNodeException"/> when the node can't be reached or doesn't answer in time:
/// then nothing is known of its effect.
/// </summary>
public interface IStorageNodes
{
    /// <summary>Whether the node is here, as this silo sees it. Cost: none, no I/O.</summary>
    bool IsHealthy(NodeName node);

    /// <summary>
    /// Completes when this silo's view holds every coming and going that any silo knew of when this was called: who
    /// looks at nodes once, and then not again until he is told of a change, must not look at an old view. The default
    /// is for a host whose view is never old.
    /// </summary>
    /// <exception cref="TimeoutException">The database is away.</exception>
    Task CatchUp(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Base address of the node's endpoint; null while it was never seen.</summary>
    Uri? GetEndpoint(NodeName node);

    /// <summary>Asks for the replica's own report. Deadline 2 s.</summary>
    Task<ReplicaReport> Report(NodeName node, RepositoryId repository, CancellationToken cancellation);

    /// <summary>Asks what the replica's journal says of a write. Deadline 2 s.</summary>
    Task<EntryReport> Entry(
        NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation);

    /// <summary>Makes an empty replica. Deadline 5 s.</summary>
    Task<CommandReply> Create(
        NodeName node, RepositoryId repository, CreateReplica command, CancellationToken cancellation);

    /// <summary>Asks for a promise. Deadline 10 s: the caller drops slow nodes earlier.</summary>
    Task<PrepareReply> Prepare(
        NodeName node, RepositoryId repository, PrepareWrite command, CancellationToken cancellation);

    /// <summary>Tells a decision. Deadline 10 s.</summary>
    Task<CommandReply> Commit(
        NodeName node, RepositoryId repository, CommitWrite command, CancellationToken cancellation);

    /// <summary>Drops a promise or a staged pack. Deadline 2 s.</summary>
    Task<CommandReply> Abort(
        NodeName node, RepositoryId repository, AbortWrite command, CancellationToken cancellation);

    /// <summary>Makes the replica equal to a source. Deadline: the caller's token.</summary>
    Task<CommandReply> Repair(
        NodeName node, RepositoryId repository, RepairReplica command, CancellationToken cancellation);

    /// <summary>Deletes the replica. Deadline 5 s.</summary>
    Task<CommandReply> Delete(
        NodeName node, RepositoryId repository, DeleteReplica command, CancellationToken cancellation);
}

using System.IO.Pipelines;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// How a push reaches the storage nodes with its pack. HTTP in the silo, its own network in simulation.
/// </summary>
internal interface IPackStaging
{
    /// <summary>Streams a body (new values as pkt-lines, a flush, the pack) into the node's quarantine.</summary>
    /// <param name="node">The storage node.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="transaction">The write.</param>
    /// <param name="newest">The decision it must redo first; null when none names it.</param>
    /// <param name="body">Read as fast as the node takes it; completed by the callee, however it ends.</param>
    /// <param name="cancellation">Breaks it off; the node then drops what it has.</param>
    /// <exception cref="StorageNodeRefusedException">The node took the pack's bytes and can't accept them.</exception>
    /// <exception cref="Grains.Repositories.StorageNodeException">The node can't be reached, or its session
    /// ended.</exception>
    Task<StageReply> Stage(
        NodeName node, RepositoryId repository, TransactionId transaction, DecisionNotice? newest, PipeReader body,
        CancellationToken cancellation);

    /// <summary>
    /// Renews the lease of a staged pack. A node that can't be reached is left to its lease's end; never throws.
    /// </summary>
    Task Renew(NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation);
}

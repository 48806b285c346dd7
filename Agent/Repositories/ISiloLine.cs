using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>How the role asks what became of a promise.</summary>
internal interface ISiloLine
{
    /// <summary>
    /// Asks once. <see cref="ResolutionOutcome.Pending"/> also when no silo can be reached or understood.
    /// </summary>
    Task<Resolution> Resolve(
        RepositoryId repository, TransactionId transaction, CommandToken token, ReplicaVersion baseVersion,
        CancellationToken cancellation);
}

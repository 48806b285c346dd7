using Aedile.Client.Fleet;
using Aedile.Client.Gateway;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>Asks a silo over REST: the one the session stands to first, then the others.</summary>
internal sealed class SiloLine(AedileClient silos, NodeName node, ILogger<SiloLine> log) : ISiloLine
{
    public async Task<Resolution> Resolve(
        RepositoryId repository, TransactionId transaction, CommandToken token, ReplicaVersion baseVersion,
        CancellationToken cancellation)
    {
        try
        {
            return await silos.Agents.Resolve(
                new OpenEntryQuestion(node, repository, transaction, token, baseVersion), cancellation);
        }
        catch (Exception error) when (error is ProblemException or GatewayAwayException)
        {
            log.SiloSilent(error); // The promise stands; it is asked about again.
            return new Resolution(ResolutionOutcome.Pending);
        }
    }
}

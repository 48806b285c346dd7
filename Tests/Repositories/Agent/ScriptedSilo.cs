using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>A silo that answers what the test says, and counts the questions.</summary>
internal sealed class ScriptedSilo : ISiloLine
{
    public Resolution Answer { get; set; } = new(ResolutionOutcome.Pending);

    public int Questions { get; private set; }

    public Task<Resolution> Resolve(
        RepositoryId repository, TransactionId transaction, CommandToken token, ReplicaVersion baseVersion,
        CancellationToken cancellation)
    {
        Questions++;
        return Task.FromResult(Answer);
    }
}

using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>The refs that a replica showed to a reader; null when it refused.</summary>
internal sealed record RefView(SortedDictionary<string, string>? Refs)
{
    /// <summary>Reads as the production endpoint does: under the ticket, and only of the version wanted.</summary>
    public static async Task<RefView> Read(
        SimulatedAgent agent, RepositoryId id, ReplicaVersion version, bool isChecked, CancellationToken cancellation)
    {
        var role = agent.Role!;
        var replica = role.Shelf[id];
        using var read = isChecked ? await role.Reads.Enter(replica, version, cancellation) : null;
        if (read is { Outcome: not ReadOutcome.Admitted })
            return new RefView((SortedDictionary<string, string>?)null);
        var refs = await agent.Git.ListRefs(replica.Path, cancellation);
        return new RefView(new SortedDictionary<string, string>(
            refs.ToDictionary(r => r.Name, r => r.Value), StringComparer.Ordinal));
    }
}

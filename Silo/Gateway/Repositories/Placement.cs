using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Chooses a new repository's nodes by rendezvous hashing (Thaler and Ravishankar, 1998). Pure.</summary>
internal static class Placement
{
    /// <summary>
    /// The nodes in order of preference for the primary: healthy ones first, each group by the hash of repository and
    /// node, so that load spreads evenly and the same inputs give the same answer.
    /// </summary>
    /// <param name="id">The repository.</param>
    /// <param name="nodes">The candidates.</param>
    /// <param name="isHealthy">Whether a candidate's session stands.</param>
    /// <param name="count">How many are wanted; fewer when there are fewer candidates.</param>
    public static ImmutableArray<NodeName> Choose(
        RepositoryId id, IEnumerable<NodeName> nodes, Func<NodeName, bool> isHealthy, int count) =>
        [
            .. nodes.Select(node => (Node: node, Healthy: isHealthy(node), Weight: Weigh(id, node)))
                .OrderByDescending(n => n.Healthy).ThenByDescending(n => n.Weight).ThenBy(n => n.Node)
                .Take(count).Select(n => n.Node),
        ];

    private static UInt128 Weigh(RepositoryId id, NodeName node)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes($"{id}/{node}"), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}

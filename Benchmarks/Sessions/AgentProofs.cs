using System.Security.Cryptography;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;

namespace Aedile.Benchmarks.Sessions;

/// <summary>
/// Agents' tokens, signed with the silo's key as it signs them itself: enrolling 2,000 agents one by one is not what is
/// measured, and the silo lets no address do so in a minute.
/// </summary>
/// <param name="keys">The folder of the silo's keys.</param>
/// <param name="fleet">The silo's fleet.</param>
internal sealed class AgentProofs(string keys, FleetId fleet)
{
    /// <summary>A token of the agent of a node; its identity has the node's name.</summary>
    public string For(NodeName node)
    {
        var file = Directory.EnumerateFiles(keys, "*.pk8").First();
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(File.ReadAllBytes(file), out _);
        var now = TimeProvider.System.GetUtcNow();
        return TokenText.Sign(
            new AccessToken(
                fleet, EntityId.Parse(node.Value), TokenKind.Agent, TokenAudience.Silos, [BuiltInRoles.Agent],
                TokenId.From(new Guid(RandomNumberGenerator.GetBytes(16))), now, now, now.AddHours(1), node),
            KeyId.Parse(Path.GetFileNameWithoutExtension(file)), key);
    }
}

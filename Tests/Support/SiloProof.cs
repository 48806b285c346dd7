using System.Security.Cryptography;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Silo.Identity.Keys;

namespace Aedile.Tests.Support;

/// <summary>Tokens of a silo that need not run: signed with the key in its folder, as only itself could.</summary>
internal static class SiloProof
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>A token by which a silo calls an agent.</summary>
    /// <param name="data">The silo's data folder.</param>
    /// <param name="silo">Its name.</param>
    /// <param name="agentData">The agent's data folder.</param>
    public static string For(string data, string silo, string agentData)
    {
        var grant = JsonSerializer.Deserialize<AgentGrant>(
            File.ReadAllBytes(Path.Combine(agentData, "identity", "grant.json")), Wire.Json)!;
        var keys = new KeyFolder(Path.Combine(data, "identity", silo));
        var kid = keys.Held().Order(StringComparer.Ordinal).First();
        using var key = keys.Open(kid)!;
        var now = TimeProvider.System.GetUtcNow();
        return TokenText.Sign(
            new AccessToken(
                TrustCopy.Of(grant.Trust).Tokens.Fleet, EntityId.Parse($"silo-{silo}"), TokenKind.Silo,
                TokenAudience.AgentOf(grant.Node), [AgentCalls.Command],
                TokenId.From(new Guid(RandomNumberGenerator.GetBytes(16))), now, now, now + Life),
            KeyId.Parse(kid), key);
    }
}

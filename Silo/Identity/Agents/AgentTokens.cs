using System.Collections.Concurrent;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;

namespace Aedile.Silo.Identity.Agents;

/// <summary>The tokens by which this silo calls agents: one for each, issued anew when half its life is over. Safe from
/// any thread.</summary>
internal sealed class AgentTokens(
    TokenIssuer issuer, TokenVerifier verifier, IIdentityModel model, OwnIdentity own, TimeProvider clock)
{
    // Short: an agent that sees no silo learns of no revocation.
    private static readonly TimeSpan CommandLife = TimeSpan.FromMinutes(10);

    // A fetch that is tried again must not need another command.
    private static readonly TimeSpan FetchLife = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<NodeName, IssuedToken> _commands = new();

    /// <summary>The token for any call to a node's agent.</summary>
    /// <returns>Null while this silo can't sign.</returns>
    public string? ForCommands(NodeName node)
    {
        if (_commands.TryGetValue(node, out var kept) && IsFresh(kept, node)) return kept.Text;
        if (issuer.IssueForAgent(own.Id, node, CommandLife, AgentCalls.Command) is not { } issued) return null;
        _commands[node] = issued;
        return issued.Text;
    }

    /// <summary>A token for another agent, to read a replica of a node and do nothing else there.</summary>
    /// <returns>Null while this silo can't sign.</returns>
    public string? ForFetch(NodeName source) =>
        issuer.IssueForAgent(own.Id, source, FetchLife, AgentCalls.Fetch)?.Text;

    /// <summary>The node refused its token: another one is issued for the next call.</summary>
    public void Forget(NodeName node) => _commands.TryRemove(node, out _);

    // Judged as the agent will: a key that was withdrawn must not cost calls until its last token is over.
    private bool IsFresh(IssuedToken kept, NodeName node) =>
        clock.GetUtcNow() < kept.Token.IssuedAt + (CommandLife / 2)
        && verifier.Verify(kept.Text, model.Trust, TokenAudience.AgentOf(node)).Token is not null;
}

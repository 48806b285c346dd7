using Aedile.Client.Fleet;

namespace Aedile.Client.Identity;

/// <summary>
/// For whom a token is, as its <c>aud</c>. Each agent is an audience of its own: one that was broken into can't use
/// what it is shown at a silo or at another agent.
/// </summary>
public static class TokenAudience
{
    /// <summary>The gateways of all silos.</summary>
    public const string Silos = "silos";

    /// <summary>The endpoint of one node's agent.</summary>
    public static string AgentOf(NodeName node) => $"agent/{node}";
}

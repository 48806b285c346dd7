using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>What a silo's token allows at an agent's endpoint: its roles say so, and nothing else in it.</summary>
public static class AgentCalls
{
    private const string HostEnding = ".node.aedile.internal";

    /// <summary>Every call: silos issue it to themselves.</summary>
    public static EntityId Command { get; } = EntityId.Parse("command");

    /// <summary>
    /// Reading a replica's objects, no more: silos give it to an agent that shall make its replica equal to another's.
    /// An agent that was broken into can't command others with it.
    /// </summary>
    public static EntityId Fetch { get; } = EntityId.Parse("fetch");

    /// <summary>Whether a token that was taken allows a call.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isFetch">Whether the call only reads objects.</param>
    public static bool Allow(AccessToken token, bool isFetch) => token.Kind is TokenKind.Silo
        && (token.Roles.Contains(Command) || (isFetch && token.Roles.Contains(Fetch)));

    /// <summary>
    /// The name by which a node's certificate is checked where a host's name is asked for, as git does: it is the same
    /// wherever the node is reached.
    /// </summary>
    public static string HostOf(NodeName node) => node + HostEnding;

    /// <summary>The roles of a token.</summary>
    public static ImmutableArray<EntityId> RolesFor(bool isFetch) => [isFetch ? Fetch : Command];
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Aedile.Client.Fleet;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>The nodes this silo knows and whether each one's session stands. In memory only; thread-safe.</summary>
internal sealed class NodeSessions(IOptions<FleetOptions> options, TimeProvider clock)
{
    private static readonly CancellationToken Never = new(canceled: true);

    private readonly ConcurrentDictionary<NodeName, NodeSession> _sessions = new();
    private readonly ImmutableArray<NodeName> _configured = [.. options.Value.Nodes.Select(n => NodeName.Parse(n))];
    private readonly Channel<NodeName> _changes =
        Channel.CreateUnbounded<NodeName>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>A name for each session that began or ended, for the one who tells the grains.</summary>
    public ChannelReader<NodeName> Changes => _changes.Reader;

    /// <summary>Names of all nodes, configured or seen, in order.</summary>
    public ImmutableArray<NodeName> Known => [.. _configured.Union(_sessions.Keys).Order()];

    /// <summary>Whether the node's session stands. Cost: none.</summary>
    public bool IsHealthy(NodeName node) => _sessions.TryGetValue(node, out var session) && session.Stands;

    /// <summary>Base address of its agent; null while it was never seen.</summary>
    public Uri? GetEndpoint(NodeName node) => Get(node)?.Hello.Endpoint;

    /// <summary>Its newest session, ended or not; null while it was never seen.</summary>
    public NodeSession? Get(NodeName node) => _sessions.GetValueOrDefault(node);

    /// <summary>Cancelled when the session that stands now ends; already cancelled when none stands.</summary>
    public CancellationToken GetEnd(NodeName node) => Get(node)?.Ended ?? Never;

    /// <summary>
    /// A session begins. It replaces the node's earlier one: an agent that connects again knows better than this silo
    /// that its last connection is gone.
    /// </summary>
    /// <returns>The new session, and the one it ended, if that still stood.</returns>
    public (NodeSession Session, NodeSession? Replaced) Begin(SessionMessage.Hello hello)
    {
        var session = new NodeSession(hello, clock);
        NodeSession? replaced = null;
        _sessions.AddOrUpdate(hello.Node, session, (_, old) =>
        {
            replaced = old;
            return session;
        });
        if (replaced?.End() is not true) replaced = null;
        _changes.Writer.TryWrite(hello.Node);
        return (session, replaced);
    }

    /// <summary>A session ends. Idempotent; one that was replaced changes nothing.</summary>
    public void End(NodeSession session)
    {
        if (session.End()) _changes.Writer.TryWrite(session.Hello.Node);
    }

    /// <summary>Every node as REST shows it, by name.</summary>
    public ImmutableArray<NodeResource> List() => [.. Known.Select(Describe)];

    private NodeResource Describe(NodeName node) => Get(node) is { Hello: var hello } session
        ? new NodeResource(
            node, session.Stands, hello.Roles, hello.Pid, hello.Endpoint, hello.AgentVersion,
            session.EndedAt ?? session.BeganAt, session.LastBeat)
        : new NodeResource(node, false, [], null, null, null, null, null);
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Aedile.Client.Fleet;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage.Fleet;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// The nodes and silos of the whole fleet as this silo sees them: its own sessions, and the table's rows as last read.
/// While the database is away the last view holds. In memory; thread-safe.
/// </summary>
internal sealed class FleetNodes(IOptions<FleetOptions> options, SiloIdentity silo, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<NodeName, FleetNode> _nodes = new();
    private readonly ImmutableArray<NodeName> _configured = [.. options.Value.Nodes.Select(n => NodeName.Parse(n))];
    private readonly long _start = clock.GetTimestamp();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _version;
    private volatile SiloWatch _silos = SiloWatch.Empty;
    private ImmutableArray<Uri> _gateways = [];

    /// <summary>Something to read whenever a node came or went.</summary>
    public ChannelReader<bool> News => _news.Reader;

    /// <summary>Number of the newest change of the table that is in this view.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The silos.</summary>
    public SiloWatch Silos => _silos;

    /// <summary>The moment of now, on this silo's own clock.</summary>
    public TimeSpan Now => clock.GetElapsedTime(_start);

    /// <summary>The rows of all nodes that have one.</summary>
    public IEnumerable<SessionRow> Rows => _nodes.Values.Select(n => n.Row).OfType<SessionRow>();

    /// <summary>Names of all nodes, configured or seen by any silo, in order.</summary>
    public ImmutableArray<NodeName> Known => [.. _configured.Union(_nodes.Keys).Order()];

    /// <summary>
    /// Whether it is this silo that does what one silo must do for all, as for those that ended: the first of those
    /// that live. Two may think so for a moment; what they do can be repeated.
    /// </summary>
    public bool IsFirst => _silos.Living.FirstOrDefault()?.Run == silo.Run;

    /// <summary>Whether the node is here: its session stands somewhere, or it is moving. Cost: none.</summary>
    public bool IsHealthy(NodeName node) => Get(node) is not null;

    /// <summary>Base address of its agent; null while it was never seen.</summary>
    public Uri? GetEndpoint(NodeName node) => _nodes.GetValueOrDefault(node)?.Agent?.Endpoint;

    /// <summary>The run of its agent's process; null while it was never seen.</summary>
    public Guid? GetBoot(NodeName node) => _nodes.GetValueOrDefault(node)?.Agent?.BootId;

    /// <summary>The node while it is here; else null.</summary>
    public NodePresence? Get(NodeName node) =>
        _nodes.GetValueOrDefault(node)?.Presence is { Stands: true } presence ? presence : null;

    /// <summary>A session begins here. It replaces the node's earlier one with this silo.</summary>
    /// <returns>The one it replaced, if that still stood; it is ended.</returns>
    public NodeSession? Begin(NodeSession session, SessionRow? row)
    {
        NodeSession? replaced = null;
        Change(session.Hello.Node, n =>
        {
            // Of two connections of one agent the later may have been faster.
            var isLate = n.Own is { Stands: true } own && own.Epoch > session.Epoch;
            replaced = isLate ? session : n.Own;
            return n with { Own = isLate ? n.Own : session, Row = Newer(n.Row, row) };
        });
        return replaced?.End(isLeaving: true) is true ? replaced : null;
    }

    /// <summary>The node's row was written by this silo.</summary>
    public void Take(SessionRow row) => Change(row.Node, n => n with { Row = Newer(n.Row, row) });

    /// <summary>Sessions that ended here, and of which the table has not been asked since.</summary>
    public ImmutableArray<NodeSession> ListUnconfirmed() =>
    [
        .. _nodes.Values.Select(n => n.Own).OfType<NodeSession>().Where(s => s.Facts is
        {
            Stands: false, IsConfirmed: false,
        }),
    ];

    /// <summary>The table was asked, in vain or not.</summary>
    public void ConfirmEnds(ImmutableArray<NodeSession> ended)
    {
        foreach (var session in ended)
        {
            session.ConfirmEnd();
            Change(session.Hello.Node, n => n);
        }
    }

    /// <summary>A session ended here; one that was replaced changes nothing.</summary>
    public void NoteEnd(NodeSession session) => Change(session.Hello.Node, n => n);

    /// <summary>The table was read.</summary>
    /// <param name="rows">What changed since <see cref="Version"/>.</param>
    /// <param name="declaredDead">Runs that the engine says are dead.</param>
    /// <returns>
    /// Sessions that stand here though the table says otherwise; and whether other silos live now than before.
    /// </returns>
    public (ImmutableArray<NodeSession> Doubted, bool SilosChanged) Apply(
        FleetRows rows, IReadOnlySet<Guid> declaredDead)
    {
        var before = _silos;
        var holders = Rows.Concat(rows.Sessions).Where(r => r.EndedAt is null).Select(r => r.Run);
        _silos = before.Read(rows.Silos, holders, declaredDead, Now, options.Value.SiloSilenceMax);
        foreach (var row in rows.Sessions) Take(row);
        if (!before.Living.Select(s => s.Run).SequenceEqual(_silos.Living.Select(s => s.Run)))
            foreach (var node in _nodes.Keys) Change(node, n => n);
        Interlocked.Exchange(ref _version, rows.Version);
        _news.Writer.TryWrite(true);
        return ([.. rows.Sessions.Select(Doubt).OfType<NodeSession>()], UpdateGateways());
    }

    /// <summary>The rows of nodes that are gone, and that it is for this silo to write so.</summary>
    public IEnumerable<SessionRow> ListOver()
    {
        var now = clock.GetUtcNow();
        var isFirst = IsFirst;
        foreach (var node in _nodes.Values)
        {
            if (node.Row is not { } row || (row.Run != silo.Run && !isFirst)) continue;
            var goneFor = row.Run == silo.Run ? null : _silos.GoneFor(row.Run, Now);
            if (row.Run != silo.Run && goneFor is null) continue;
            var endedAt = node.Own?.Epoch == row.Epoch ? node.Own?.EndedAt ?? row.BeganAt : row.BeganAt;
            if (SessionRules.IsOver(row, goneFor, node.Own?.Facts, now - endedAt, options.Value.Grace))
                yield return row;
        }
    }

    /// <summary>Base addresses of the silos that live, this one included.</summary>
    public ImmutableArray<Uri> Gateways
    {
        get { lock (_gate) return _gateways; }
    }

    /// <summary>The sessions that stand here.</summary>
    public IEnumerable<NodeSession> OwnSessions =>
        _nodes.Values.Select(n => n.Own).OfType<NodeSession>().Where(s => s.Stands);

    /// <summary>Every node as REST shows it, by name.</summary>
    public ImmutableArray<NodeResource> ListNodes() => [.. Known.Select(Describe)];

    /// <summary>Those after a name, in order. Cost: linear in all nodes for their names, then for each one.</summary>
    public IEnumerable<NodeResource> ListNodes(string after) =>
        Known.Where(name => string.CompareOrdinal(name.Value, after) > 0).Select(Describe);

    /// <summary>A node as REST shows it; null when there is none of that name.</summary>
    public NodeResource? FindNode(NodeName name) =>
        _nodes.ContainsKey(name) || _configured.Contains(name) ? Describe(name) : null;

    /// <summary>Name of the silo with an address of the engine's; null when it is not known.</summary>
    public string? NameOf(string engineAddress) => _silos.Sights.Values.Select(s => s.Row)
        .FirstOrDefault(r => r?.Engine == engineAddress)?.Name;

    /// <summary>Every silo as REST shows it, by name; <paramref name="me"/> is this one.</summary>
    public ImmutableArray<SiloResource> ListSilos(SiloResource me) =>
        FleetDescriptions.Describe(me, silo.Run, _silos, Now);

    private NodeResource Describe(NodeName name) => FleetDescriptions.Describe(
        _nodes.GetValueOrDefault(name) ?? FleetNode.Unseen(name), silo, _silos);

    // A row of the same epoch that says "ended" was written by another silo, which took this one for dead.
    private NodeSession? Doubt(SessionRow row) =>
        _nodes.GetValueOrDefault(row.Node)?.Own is { Stands: true, Epoch: { } epoch } own
        && (row.Epoch > epoch || (row.Epoch == epoch && row.EndedAt is not null))
            ? own
            : null;

    private void Change(NodeName name, Func<FleetNode, FleetNode> change)
    {
        NodePresence? gone;
        lock (_gate)
        {
            var before = _nodes.GetValueOrDefault(name) ?? FleetNode.Unseen(name);
            var after = change(before);
            var isHeld = after.Row is { } row && row.Run != silo.Run && _silos.Lives(row.Run);
            after = after.Judge(SessionRules.Judge(after.Row, isHeld, after.Own?.Facts), clock.GetUtcNow());
            _nodes[name] = after;
            gone = after.Presence == before.Presence ? null : before.Presence;
        }
        // Outside of the lock: it runs what waits for the node.
        gone?.End();
        _news.Writer.TryWrite(true);
    }

    private bool UpdateGateways()
    {
        ImmutableArray<Uri> gateways = [.. _silos.Living.Select(s => s.Gateway)];
        lock (_gate)
        {
            if (gateways.SequenceEqual(_gateways)) return false;
            _gateways = gateways;
            return true;
        }
    }

    private static SessionRow? Newer(SessionRow? old, SessionRow? read) =>
        old is null || read?.Version > old.Version ? read ?? old : old;
}

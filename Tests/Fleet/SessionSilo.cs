using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage.Fleet;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Aedile.Tests.Fleet;

/// <summary>
/// The session part of a silo, without sockets and engine: a test calls its rounds. <see cref="Beat"/> and
/// <see cref="Round"/> are all that its background loops do.
/// </summary>
internal sealed class SessionSilo
{
    private readonly ISessionTable _table;
    private readonly ManualTime _time;

    public SessionSilo(string name, ISessionTable table, ManualTime time, FleetOptions? options = null)
    {
        (_table, _time) = (table, time);
        Identity = new SiloIdentity(name, RunOf(name, time), new Uri($"http://{name}.example"), time);
        var wrapped = Options.Create(options ?? new FleetOptions());
        var signal = new ViewSignal();
        Nodes = new FleetNodes(wrapped, Identity, time);
        Keeper = new SessionKeeper(
            Nodes, table, signal, Identity, wrapped, time, NullLogger<SessionKeeper>.Instance);
        Sync = new FleetSync(
            Nodes, Keeper, table, signal, Identity, new NoVerdicts(), time, NullLogger<FleetSync>.Instance);
    }

    public SiloIdentity Identity { get; }

    public FleetNodes Nodes { get; }

    public SessionKeeper Keeper { get; }

    public FleetSync Sync { get; }

    /// <summary>Registers and reads for the first time.</summary>
    public static async Task<SessionSilo> Start(string name, ISessionTable table, ManualTime time)
    {
        var silo = new SessionSilo(name, table, time);
        await silo.Sync.Register(CancellationToken.None);
        await silo.Sync.Prime(CancellationToken.None);
        return silo;
    }

    /// <summary>An agent says hello; fails the test when the session does not begin.</summary>
    public async Task<NodeSession> Connect(NodeName node, int boot = 1, long attempt = 1, long highestEpoch = 0)
    {
        var session = Hello(node, boot, attempt, highestEpoch);
        var (began, _) = await Keeper.Begin(session);
        Assert.True(began, "the session did not begin");
        return session;
    }

    /// <summary>A session that has said hello and is not begun.</summary>
    public NodeSession Hello(NodeName node, int boot = 1, long attempt = 1, long highestEpoch = 0) => new(
        new SessionMessage.Hello(
            node, new Guid(boot, 0, 0, new byte[8]), 1, new Uri("http://127.0.0.1:1"), ["storage"], "1.0", attempt,
            highestEpoch), _time);

    /// <summary>Its beat in the database.</summary>
    public Task Beat() => _table.Beat(Identity.Run, "", CancellationToken.None);

    /// <summary>One round of its view.</summary>
    public Task<bool> Round() => Sync.Round(CancellationToken.None);

    /// <summary>As <c>GET /v1/fleet</c> shows a node.</summary>
    public NodeResource Show(NodeName node) => Nodes.ListNodes().Single(n => n.Name == node);

    private static Guid RunOf(string name, ManualTime time) =>
        new(name.Sum(c => c), (short)time.GetUtcNow().ToUnixTimeSeconds(), 0, new byte[8]);
}

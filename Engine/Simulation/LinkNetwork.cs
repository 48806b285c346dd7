using System.Net;
using Aedile.Engine.Messaging;

namespace Aedile.Engine.Simulation;

/// <summary>
/// Every wire between the processes of a run. A machine is an address; a link carries whole frames in order or breaks,
/// as TCP does: a cut holds frames back until it is mended, and ends links when it lasts; a process that dies resets
/// its links, one that is paused is silent and still accepts connections, as its kernel would.
/// </summary>
internal sealed class LinkNetwork(SimulatedScheduler scheduler, Chance chance, LinkTrouble trouble)
{
    // As the kernel's keep-alive that production asks for.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(8);

    private readonly Dictionary<IPEndPoint, SimulatedListener> _listeners = [];
    private readonly Dictionary<(IPAddress From, IPAddress To), object> _cuts = [];
    private readonly List<LinkEnd> _ends = [];
    private readonly List<(IPAddress From, IPAddress To, Action Knock)> _knocking = [];
    private int _ports = 40_000;

    internal SimulatedScheduler Scheduler => scheduler;

    /// <summary>The network as one process on a machine reaches it.</summary>
    public INetwork PortOf(SimulatedProcess process, IPAddress machine) => new SimulatedPort(this, process, machine);

    /// <summary>Nothing gets from one machine to another until it is mended; not the other way round.</summary>
    public void Cut(IPAddress from, IPAddress to)
    {
        var cut = new object();
        if (!_cuts.TryAdd((from, to), cut)) return;
        scheduler.Trace.Add("network", "cut", $"{from} {to}");
        scheduler.At(scheduler.Now + KeepAlive, scheduler.Outside, () =>
        {
            if (_cuts.GetValueOrDefault((from, to)) == cut) GiveUp(from, to);
        });
    }

    /// <summary>What was held back arrives.</summary>
    public void Mend(IPAddress from, IPAddress to)
    {
        if (!_cuts.Remove((from, to))) return;
        scheduler.Trace.Add("network", "mended", $"{from} {to}");
        foreach (var end in _ends.ToArray()) end.Forward();
        var knocking = _knocking.ToArray();
        _knocking.Clear();
        foreach (var (client, listener, knock) in knocking) Knock(client, listener, knock);
    }

    /// <summary>Mends every cut.</summary>
    public void MendAll()
    {
        foreach (var (from, to) in _cuts.Keys.OrderBy(cut => $"{cut}", StringComparer.Ordinal).ToArray())
            Mend(from, to);
    }

    /// <summary>A process is dead: nobody listens for it, and its links are reset.</summary>
    public void Died(SimulatedProcess process)
    {
        foreach (var listener in _listeners.Values.Where(l => l.Process == process).ToArray())
            _listeners.Remove(listener.Address);
        foreach (var end in _ends.Where(e => e.Process == process).ToArray()) end.Die();
    }

    /// <summary>Breaks one of the links that stand.</summary>
    public void BreakAny()
    {
        var standing = _ends.Where(end => end.Process.IsAlive).ToList();
        if (standing.Count > 0) chance.Pick(standing).Break();
    }

    internal bool IsCut(IPAddress from, IPAddress to) => _cuts.ContainsKey((from, to));

    internal int Below(int limit) => chance.Below(limit);

    internal TimeSpan Delay() => trouble.IsOn && chance.OneIn(trouble.LateOneIn)
        ? chance.Between(TimeSpan.FromMilliseconds(5), trouble.LateMost)
        : chance.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(2));

    internal bool Breaks() => trouble.IsOn && chance.OneIn(trouble.BreakOneIn);

    internal void Forget(LinkEnd end) => _ends.Remove(end);

    internal void Forget(SimulatedListener listener)
    {
        if (_listeners.GetValueOrDefault(listener.Address) == listener) _listeners.Remove(listener.Address);
    }

    internal SimulatedListener Listen(SimulatedProcess process, IPEndPoint address, Action<ILink> accepted)
    {
        if (address.Port == 0) address = new IPEndPoint(address.Address, ++_ports);
        if (_listeners.ContainsKey(address)) throw new IOException($"{address} is taken.");
        return _listeners[address] = new SimulatedListener(this, process, address, accepted);
    }

    /// <summary>Carries a connection's opening there and back.</summary>
    internal void Connect(
        SimulatedProcess caller, IPAddress from, IPEndPoint to, Action<ILink?> connected) =>
        Later(() => Knock(from, to.Address, () =>
        {
            if (_listeners.GetValueOrDefault(to) is not { } listener)
            {
                Later(() => caller.Post(() => connected(null)));
                return;
            }
            var client = new LinkEnd(this, caller, new IPEndPoint(from, ++_ports));
            var accepted = new LinkEnd(this, listener.Process, to);
            client.Join(accepted);
            _ends.Add(client);
            _ends.Add(accepted);
            scheduler.Trace.Add("network", "connected", $"{client.Local} {to}");
            listener.Process.Post(() => listener.Accepted(accepted));
            Later(() => caller.Post(() => connected(client)));
        }));

    // Whoever asks whether the other end is there hears nothing, whichever way is cut.
    private void GiveUp(IPAddress from, IPAddress to)
    {
        foreach (var end in _ends.Where(e => e.IsBetween(from, to)).ToArray()) end.TimeOut();
    }

    private void Later(Action arrival) => scheduler.At(scheduler.Now + Delay(), scheduler.Outside, arrival);

    // The opening of a connection is repeated until it gets through.
    private void Knock(IPAddress from, IPAddress to, Action knock)
    {
        if (IsCut(from, to) || IsCut(to, from)) _knocking.Add((from, to, knock));
        else knock();
    }
}

/// <summary>An address of the simulated network that takes connections.</summary>
internal sealed class SimulatedListener(
    LinkNetwork network, SimulatedProcess process, IPEndPoint address, Action<ILink> accepted) : IListener
{
    /// <inheritdoc/>
    public IPEndPoint Address => address;

    /// <summary>Who listens.</summary>
    public SimulatedProcess Process => process;

    /// <summary>Who gets the connections.</summary>
    public Action<ILink> Accepted => accepted;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        network.Forget(this);
        return ValueTask.CompletedTask;
    }
}

using System.Net;
using Aedile.Engine.Membership;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>The membership of a silo and nothing else.</summary>
internal sealed class MemberProgram : IFleetMember
{
    private readonly SimulatedFleet _fleet;
    private readonly FleetMachine _machine;
    private readonly SimulatedProcess _process;
    private readonly IMembershipStore _store;
    private readonly PlainMessenger _messenger;
    private readonly IPEndPoint _endpoint;
    private MembershipAgent? _agent;

    public MemberProgram(
        SimulatedFleet fleet, FleetMachine machine, SimulatedProcess process, IMembershipStore store,
        List<object> letters)
    {
        (_fleet, _machine, _process, _store) = (fleet, machine, process, store);
        _endpoint = new IPEndPoint(machine.Address, EndpointOptions.DEFAULT_SILO_PORT);
        _messenger = new PlainMessenger(
            fleet.Network.PortOf(process, machine.Address), process, _endpoint, letters);
    }

    /// <summary>Hears of each view it has.</summary>
    public Action<MembershipTableSnapshot> Saw { get; init; } = static _ => { };

    public SiloAddress? Self => _agent?.Self;

    public MembershipTableSnapshot View => _agent?.Table.View ?? MembershipTableSnapshot.None;

    public async Task Start()
    {
        await _store.Prepare(CancellationToken.None);
        var table = await _store.Read(CancellationToken.None);
        var self = SiloAddress.New(_endpoint, MembershipRules.NextGeneration(table, _endpoint));
        _messenger.Self = self;
        _agent = new MembershipAgent(
            self, new SiloIdentity("fleet", _machine.Name, _machine.Name, _endpoint, 0), _store, _messenger,
            new ClusterMembershipOptions(), _process.Time, _process, new TraceLog(_fleet.Scheduler.Trace, _machine.Name))
        {
            Ended = reason => _machine.Exit(_process, reason),
        };
        _agent.Table.Observe((_, view) =>
        {
            _fleet.Scheduler.Trace.Add(_machine.Name, "sees", $"{view.Version}");
            Saw(view);
        });
        _agent.Listen();
        await _messenger.Listen();
        await _agent.Join(CancellationToken.None);
        await _agent.Activate(CancellationToken.None);
        _fleet.Scheduler.Trace.Add(_machine.Name, "active");
    }

    public async Task Stop()
    {
        if (_agent is not { } agent) return;
        await agent.Announce(CancellationToken.None);
        await agent.Leave(CancellationToken.None);
    }

    public void Crash() => _agent?.Dispose();
}

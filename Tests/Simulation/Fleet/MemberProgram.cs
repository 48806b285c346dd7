using System.Net;
using Aedile.Engine.Membership;
using Aedile.Engine.Messaging;
using Aedile.Engine.Placement;
using Orleans.Configuration;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>The membership and placement of a silo, with grains that do nothing but be somewhere.</summary>
#pragma warning disable CA1001 // It ends as a process does: killed, with all it holds.
internal sealed class MemberProgram : IFleetMember
#pragma warning restore CA1001
{
    private static readonly TimeSpan HandoverLimit = TimeSpan.FromSeconds(5);
    private readonly SimulatedFleet _fleet;
    private readonly FleetMachine _machine;
    private readonly SimulatedProcess _process;
    private readonly FleetSabotage _sabotage;
    private readonly IMembershipStore _store;
    private readonly INetwork _network;
    private readonly PlainMessenger _messenger;
    private readonly IPEndPoint _endpoint;
    private readonly MemberGrains _grains;
    private MembershipAgent? _agent;
    private Router? _router;

    public MemberProgram(
        SimulatedFleet fleet, FleetMachine machine, SimulatedProcess process, FleetSabotage sabotage,
        List<object> letters, ActivationBook book)
    {
        (_fleet, _machine, _process, _sabotage) = (fleet, machine, process, sabotage);
        _store = sabotage.Membership(new StoredMembership(fleet.Store.Connect(process, machine.Name, machine.Chance)));
        _endpoint = new IPEndPoint(machine.Address, EndpointOptions.DEFAULT_SILO_PORT);
        _network = fleet.Network.PortOf(process, machine.Address);
        _messenger = new PlainMessenger(_network, process, _endpoint, letters);
        _grains = new MemberGrains(process, machine.Chance, book);
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
        var log = new TraceLog(_fleet.Scheduler.Trace, _machine.Name);
        _messenger.Self = self;
        var messenger = _sabotage.Messenger(_messenger);
        var options = new ClusterMembershipOptions();
        _sabotage.Configure(_machine, options);
        _agent = new MembershipAgent(
            self, new SiloIdentity("fleet", _machine.Name, _machine.Name, _endpoint, 0), _store, messenger, options,
            _process.Time, _process, log)
        {
            Ended = reason => _machine.Exit(_process, reason),
        };
        _agent.Table.Observe((_, view) =>
        {
            _fleet.Scheduler.Trace.Add(_machine.Name, "sees", $"{view.Version}");
            Saw(view);
        });
        _router = new Router(
            _agent, messenger, _grains, new PortKnock(_network, _process.Time).IsGone, _process.Time, HandoverLimit,
            log);
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
        await _router!.HandedOver;
        await agent.Leave(CancellationToken.None);
    }

    public void Crash() => _agent?.Dispose();

    /// <summary>A call arrives for a grain: it runs here if it lives here.</summary>
    public async Task<bool> Call(GrainId grain)
    {
        if (_router is not { } router || !router.Self.Equals(router.OwnerOf(grain))) return false;
        try
        {
            await router.WhenMayHost(grain, CancellationToken.None);
        }
        catch (SiloUnavailableException)
        {
            return false;
        }
        return await _grains.Run(grain, () => router.Self.Equals(router.OwnerOf(grain)));
    }
}

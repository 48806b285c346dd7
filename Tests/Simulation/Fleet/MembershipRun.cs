namespace Aedile.Tests.Simulation.Fleet;

/// <summary>One seed of the membership alone: the production agent, store rules and ring, without grains.</summary>
internal sealed class MembershipRun(ulong seed, FleetSabotage sabotage, bool isTraceKept)
    : FleetRun(seed, isTraceKept)
{
    private readonly List<object> _letters = [new()];

    protected override IFleetMember MakeProgram(FleetMachine machine, SimulatedProcess process)
    {
        var store = new StoredMembership(Fleet.Store.Connect(process, machine.Name, machine.Chance));
        return new MemberProgram(Fleet, machine, process, sabotage.Membership(store), _letters) { Saw = Saw };
    }
}

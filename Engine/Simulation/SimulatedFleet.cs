using System.Net;

namespace Aedile.Engine.Simulation;

/// <summary>
/// Machines with their processes, the wires between them and their database, in one thread, on virtual time, from one
/// seed.
/// </summary>
internal sealed class SimulatedFleet
{
    private readonly Func<FleetMachine, SimulatedProcess, IFleetProgram> _program;

    /// <param name="chance">Decides everything that is left open.</param>
    /// <param name="plan">How the fleet is made.</param>
    /// <param name="program">Makes what a process runs.</param>
    /// <param name="isTraceKept">Whether the trace is kept as text.</param>
    public SimulatedFleet(
        Chance chance, FleetPlan plan, Func<FleetMachine, SimulatedProcess, IFleetProgram> program, bool isTraceKept)
    {
        _program = program;
        Scheduler = new SimulatedScheduler(chance, isTraceKept);
        (LinkTrouble, StoreTrouble) = (plan.Links, plan.Store);
        Network = new LinkNetwork(Scheduler, chance.Split(), plan.Links);
        Store = new SimulatedStore(Scheduler, plan.Store);
        Machines =
        [
            .. plan.Clocks.Select((clock, i) => new FleetMachine(
                this, $"silo{i + 1}", new IPAddress([10, 0, 0, (byte)(i + 1)]), clock, chance.Split())),
        ];
        Clients =
        [
            .. plan.Clients.Select((clock, i) => new FleetMachine(
                this, $"client{i + 1}", new IPAddress([10, 0, 1, (byte)(i + 1)]), clock, chance.Split())),
        ];
    }

    /// <summary>Time and order.</summary>
    public SimulatedScheduler Scheduler { get; }

    /// <summary>The wires.</summary>
    public LinkNetwork Network { get; }

    /// <summary>The database.</summary>
    public SimulatedStore Store { get; }

    /// <summary>The machines of the silos.</summary>
    public IReadOnlyList<FleetMachine> Machines { get; }

    /// <summary>The machines of the clients.</summary>
    public IReadOnlyList<FleetMachine> Clients { get; }

    /// <summary>What goes wrong by itself on the wires.</summary>
    public LinkTrouble LinkTrouble { get; }

    /// <summary>What goes wrong by itself at the database.</summary>
    public StoreTrouble StoreTrouble { get; }

    /// <summary>Called when a process has ended, whatever ended it.</summary>
    public Action<FleetMachine> Ended { get; set; } = static _ => { };

    /// <summary>What a process runs.</summary>
    public IFleetProgram MakeProgram(FleetMachine machine, SimulatedProcess process) => _program(machine, process);

    /// <summary>Nothing gets from a machine to any other, nor back.</summary>
    public void Isolate(FleetMachine machine)
    {
        foreach (var other in Machines.Concat(Clients).Where(m => m != machine)) Part(machine, other);
    }

    /// <summary>Nothing gets from one to the other, nor back.</summary>
    public void Part(FleetMachine one, FleetMachine other)
    {
        Network.Cut(one.Address, other.Address);
        Network.Cut(other.Address, one.Address);
    }

    /// <summary>Undoes <see cref="Part"/>.</summary>
    public void Join(FleetMachine one, FleetMachine other)
    {
        Network.Mend(one.Address, other.Address);
        Network.Mend(other.Address, one.Address);
    }

    /// <summary>Everything that is broken is put right, and every machine runs.</summary>
    public void Heal()
    {
        (LinkTrouble.IsOn, StoreTrouble.IsOn) = (false, false);
        Network.MendAll();
        Store.Restart();
        foreach (var machine in Machines.Concat(Clients))
        {
            Store.Mend(machine.Name);
            machine.Process?.Resume();
            machine.Start();
        }
    }
}

/// <summary>How a simulated fleet is made.</summary>
/// <param name="Clocks">One for each silo's machine.</param>
/// <param name="Clients">One for each client's machine.</param>
/// <param name="Links">What goes wrong by itself on the wires.</param>
/// <param name="Store">What goes wrong by itself at the database.</param>
internal sealed record FleetPlan(
    IReadOnlyList<ClockError> Clocks, IReadOnlyList<ClockError> Clients, LinkTrouble Links, StoreTrouble Store);

using System.Net;

namespace Aedile.Engine.Simulation;

/// <summary>A machine of a simulated fleet, with the process that runs on it.</summary>
internal sealed class FleetMachine(
    SimulatedFleet fleet, string name, IPAddress address, ClockError clock, Chance chance)
{
    private int _starts;

    /// <summary>Its name; also that of its way to the database.</summary>
    public string Name => name;

    /// <summary>Its address.</summary>
    public IPAddress Address => address;

    /// <summary>Chance of this machine.</summary>
    public Chance Chance => chance;

    /// <summary>The process that runs; null when none does.</summary>
    public SimulatedProcess? Process { get; private set; }

    /// <summary>What it runs.</summary>
    public IFleetProgram? Program { get; private set; }

    /// <summary>Whether it has been told to end in order.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Starts a process, where none runs.</summary>
    public void Start()
    {
        if (Process is not null) return;
        var process = fleet.Scheduler.Start($"{Name}.{++_starts}", isOrdered: true, clock);
        var program = fleet.MakeProgram(this, process);
        (Process, Program, IsStopping) = (process, program, false);
        fleet.Scheduler.Trace.Add(Name, "starts");
        process.Run(() => Guard(process, program.Start));
    }

    /// <summary>SIGTERM, and the process ends when it has ended in order.</summary>
    public void Stop()
    {
        if (Process is not { } process || Program is not { } program || IsStopping) return;
        IsStopping = true;
        fleet.Scheduler.Trace.Add(Name, "stops");
        process.Run(() => Guard(process, async () =>
        {
            await program.Stop();
            Exit(process, "stopped");
        }));
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        if (Process is { } process) End(process);
    }

    /// <summary>The program ends its own process. Does nothing when the process is dead already.</summary>
    public void Exit(SimulatedProcess process, string reason)
    {
        if (Process != process) return;
        fleet.Scheduler.Trace.Add(Name, "exits", reason);
        End(process);
    }

    private void End(SimulatedProcess process)
    {
        var program = Program;
        (Process, Program) = (null, null);
        process.Kill();
        fleet.Network.Died(process);
        program!.Crash();
        fleet.Ended(this);
    }

    private async Task Guard(SimulatedProcess process, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is not EscapedException)
        {
            fleet.Scheduler.Trace.Say(Name, error.ToString());
            Exit(process, $"{error.GetType().Name}: {error.Message}");
        }
    }
}

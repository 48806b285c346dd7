using Aedile.Client.Fleet;

namespace Aedile.Tests.Simulation;

/// <summary>The named steps of one silo.</summary>
internal sealed class SiloCrashPoints(Run run, SimulatedSilo silo) : ICrashPoints
{
    public void Reach(string point)
    {
        run.Scheduler.AssertInside($"crash point {point}");
        run.Scheduler.Trace.Add(silo.Process.Name, "reached", point);
        run.Faults.ReachedPoint(silo, point);
        // Code after the step must not run in a dead process, and Reach can't wait for ever.
        if (!silo.Process.IsAlive) throw new ProcessDiedException();
    }
}

/// <summary>Unwinds a process that died in the middle of its code; nothing it does meanwhile has any effect.</summary>
internal sealed class ProcessDiedException : Exception;

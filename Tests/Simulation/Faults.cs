using Aedile.Client.Fleet;

namespace Aedile.Tests.Simulation;

/// <summary>
/// What goes wrong in a run. Faults strike where a process passes its border, so that every file operation, message
/// and named step of the protocol is a place to die at.
/// </summary>
internal sealed class Faults(Run run)
{
    private readonly Chance _chance = run.Chance.Split();
    private int _left = run.Profile.FaultsMost;
    private bool _isDiskLost;

    /// <summary>Whether anything goes wrong (still).</summary>
    public bool AreOn { get; private set; } = true;

    private SimulatedScheduler Scheduler => run.Scheduler;

    /// <summary>A process passes its border.</summary>
    public void Reached(SimulatedProcess process, string what)
    {
        if (!AreOn || _left <= 0 || !process.IsAlive || !run.IsReady) return;
        if (!_chance.OneIn(run.Profile.FaultOneIn)) return;
        _left--;
        Scheduler.Trace.Add("fault", $"at {process.Name}", what);
        Strike(process);
    }

    /// <summary>A silo reached a named step of the protocol: steps are few, so they are hit more often.</summary>
    public void ReachedPoint(SimulatedSilo silo, string point)
    {
        if (!AreOn || _left <= 0 || !silo.Process.IsAlive || !run.IsReady || !_chance.OneIn(12)) return;
        _left--;
        Scheduler.Trace.Add("fault", $"at {silo.Process.Name}", point);
        if (_chance.OneIn(2)) KillSilo(silo);
        else Strike(silo.Process);
    }

    /// <summary>An agent's process ended by itself: it is started again, as its supervisor does.</summary>
    public void AgentEnded(Machine machine)
    {
        machine.KillAgent();
        RestartLater(machine);
    }

    /// <summary>Nothing more goes wrong, and what went wrong is put right.</summary>
    public void EndAll()
    {
        AreOn = false;
        foreach (var machine in run.Machines)
        {
            machine.IsCutOff = false;
            machine.Agent?.Process.Resume();
            if (machine.Agent is null) machine.StartAgent();
        }
        foreach (var silo in run.Silos.ToList()) silo.Process.Resume();
        while (run.Silos.Count > 1) KillSilo(run.Silos[0]);
        if (run.Silos.Count == 0) run.StartSilo();
    }

    private void Strike(SimulatedProcess process)
    {
        var machine = run.Machines.FirstOrDefault(m => process.Name.EndsWith(m.Name.Value, StringComparison.Ordinal)
            || process.Name.Contains($"-{m.Name}-", StringComparison.Ordinal)) ?? _chance.Pick(run.Machines);
        if (_chance.OneIn(4)) machine = _chance.Pick(run.Machines);
        switch (_chance.Below(13))
        {
            case 0 or 1: Kill(machine); break;
            case 2 or 3: LosePower(machine); break;
            case 4: KillAnySilo(); break;
            case 5: Everywhere(Kill); break;
            case 6: Everywhere(LosePower); break;
            case 7 when _chance.OneIn(2) || run.Silos.Count == 0: Pause(machine.Agent?.Process); break;
            case 7: Pause(_chance.Pick(run.Silos).Process); break;
            case 8: CutOff(machine); break;
            case 9: machine.KillOneChild(); break;
            case 10: _ = machine.Agent?.Stop(); break;
            case 11: Overlap(); break;
            case 12: LoseDisk(machine); break;
        }
    }

    private void Kill(Machine machine)
    {
        machine.KillAgent();
        RestartLater(machine);
    }

    private void LosePower(Machine machine)
    {
        machine.LosePower();
        RestartLater(machine);
    }

    private void Everywhere(Action<Machine> strike)
    {
        foreach (var machine in run.Machines)
            if (!_chance.OneIn(4)) strike(machine);
        if (_chance.OneIn(2)) KillAnySilo();
    }

    // One at most, and only of three or more: a quorum of copies shares the rest.
    private void LoseDisk(Machine machine)
    {
        if (_isDiskLost || !run.Profile.MayLoseDisk || run.Machines.Count < 3)
        {
            LosePower(machine);
            return;
        }
        _isDiskLost = true;
        machine.LoseDisk();
        RestartLater(machine);
    }

    private void RestartLater(Machine machine) => Later(5, 6000, () =>
    {
        if (machine.Agent is null) machine.StartAgent();
    });

    private void KillAnySilo()
    {
        if (run.Silos.Count > 0) KillSilo(_chance.Pick(run.Silos));
    }

    private void KillSilo(SimulatedSilo silo)
    {
        silo.Kill();
        Later(5, 6000, () =>
        {
            if (run.Silos.Count == 0) run.StartSilo();
        });
    }

    private void Pause(SimulatedProcess? process)
    {
        if (process is null) return;
        process.Pause();
        Later(50, 12_000, process.Resume);
    }

    private void CutOff(Machine machine)
    {
        machine.IsCutOff = true;
        Later(50, 12_000, () => machine.IsCutOff = false);
    }

    // A second silo takes over while the first one still believes in itself, asleep or awake.
    private void Overlap()
    {
        if (run.Silos.Count != 1) return;
        var old = run.Silos[0];
        if (_chance.OneIn(2)) Pause(old.Process);
        run.StartSilo();
        Later(100, 15_000, () => KillSilo(old));
    }

    private void Later(int leastMs, int mostMs, Action act) =>
        Scheduler.At(Scheduler.Now + _chance.Milliseconds(leastMs, mostMs), Scheduler.Outside, () =>
        {
            if (AreOn) act();
        });
}

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

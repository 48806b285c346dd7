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

    /// <summary>Whether a silo was ever stopped and woke up late.</summary>
    public bool HasPausedSilo { get; private set; }

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
        if (!AreOn || _left <= 0 || !silo.Process.IsAlive || !run.IsReady || !_chance.OneIn(8)) return;
        _left--;
        Scheduler.Trace.Add("fault", $"at {silo.Process.Name}", point);
        if (_chance.OneIn(2)) Strike("silo killed", () => KillSilo(silo));
        else Strike(silo.Process);
    }

    /// <summary>An agent's process ended by itself: it is started again, as its supervisor does.</summary>
    public void AgentEnded(Machine machine)
    {
        machine.KillAgent();
        RestartLater(machine);
    }

    /// <summary>A silo's process ended by itself: it is started again, as its supervisor does.</summary>
    public void SiloEnded(SimulatedSilo silo)
    {
        if (!silo.Process.IsAlive) return;
        silo.Kill();
        RestartSilosLater();
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
        run.LinkTrouble.IsOn = run.StoreTrouble.IsOn = false;
        run.Links.MendAll();
        foreach (var machine in run.SiloMachines) run.Membership.Mend($"{machine}");
        foreach (var silo in run.Silos.ToList()) silo.Process.Resume();
        run.StartSilos();
    }

    private void Strike(SimulatedProcess process)
    {
        var machine = run.Machines.FirstOrDefault(m => process.Name.EndsWith(m.Name.Value, StringComparison.Ordinal)
            || process.Name.Contains($"-{m.Name}-", StringComparison.Ordinal)) ?? _chance.Pick(run.Machines);
        if (_chance.OneIn(4)) machine = _chance.Pick(run.Machines);
        switch (_chance.Below(13))
        {
            case 0 or 1: Strike("agent killed", () => Kill(machine)); break;
            case 2 or 3: Strike("power lost", () => LosePower(machine)); break;
            case 4: Strike("silo killed", KillAnySilo); break;
            case 5: Strike("agents killed", () => Everywhere(Kill)); break;
            case 6: Strike("power lost in many places", () => Everywhere(LosePower)); break;
            case 7 when _chance.OneIn(2) || run.Silos.Count == 0:
                Strike("agent stopped for a while", () => Pause(machine.Agent?.Process));
                break;
            case 7: Strike("silo stopped for a while", PauseSilo); break;
            case 8: Strike("node cut off", () => CutOff(machine)); break;
            case 9: Strike("git child killed", machine.KillOneChild); break;
            case 10: Strike("agent ended in order", () => _ = machine.Agent?.Stop()); break;
            case 11: StrikeSilos(); break;
            case 12: LoseDisk(machine); break;
        }
    }

    private void StrikeSilos()
    {
        switch (_chance.Below(3))
        {
            case 0: Strike("silos parted", PartSilos); break;
            case 1: Strike("silo lost the table", CutOffFromTable); break;
            case 2 when run.Silos.Find(s => s.IsOpen) is { } open:
                Strike("silo ended in order", () => _ = open.Stop());
                break;
        }
    }

    private void Strike(string kind, Action act)
    {
        run.Done.Count($"fault: {kind}");
        Scheduler.Trace.Add("fault", kind);
        act();
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
            Strike("power lost", () => LosePower(machine));
            return;
        }
        _isDiskLost = true;
        Strike("disk lost", machine.LoseDisk);
        RestartLater(machine);
    }

    // At once, as a supervisor does, when old git children may still run; or after somebody has pressed a button. Not
    // only while faults are on: an agent that ends in order may do so after the last of them.
    private void RestartLater(Machine machine)
    {
        var delay = _chance.Milliseconds(1, _chance.OneIn(2) ? 50 : 6000);
        Scheduler.At(Scheduler.Now + delay, Scheduler.Outside, () =>
        {
            if (machine.Agent is null) machine.StartAgent();
        });
    }

    private void KillAnySilo()
    {
        if (run.Silos.Count > 0) KillSilo(_chance.Pick(run.Silos));
    }

    private void KillSilo(SimulatedSilo silo)
    {
        silo.Kill();
        RestartSilosLater();
    }

    private void RestartSilosLater()
    {
        var delay = _chance.Milliseconds(5, 6000);
        Scheduler.At(Scheduler.Now + delay, Scheduler.Outside, run.StartSilos);
    }

    private void PauseSilo()
    {
        HasPausedSilo = true;
        Pause(_chance.Pick(run.Silos).Process);
    }

    // Only silos lose each other or their table: what is between them and the nodes is cut by "node cut off".
    private void PartSilos()
    {
        var (one, other) = (_chance.Pick(run.SiloMachines), _chance.Pick(run.SiloMachines));
        run.Links.Cut(one, other);
        if (_chance.OneIn(2)) run.Links.Cut(other, one);
        Later(50, 12_000, () =>
        {
            run.Links.Mend(one, other);
            run.Links.Mend(other, one);
        });
    }

    private void CutOffFromTable()
    {
        var machine = $"{_chance.Pick(run.SiloMachines)}";
        run.Membership.CutOff(machine);
        Later(50, 12_000, () => run.Membership.Mend(machine));
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

    private void Later(int leastMs, int mostMs, Action act) =>
        Scheduler.At(Scheduler.Now + _chance.Milliseconds(leastMs, mostMs), Scheduler.Outside, () =>
        {
            if (AreOn) act();
        });
}

using System.Collections.Immutable;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>What goes wrong in one run of a fleet, one thing after another, each put right after a while.</summary>
internal sealed class FleetFaults
{
    private readonly FleetProfile _profile;
    private readonly SimulatedFleet _fleet;
    private readonly Chance _chance;
    private readonly Tally _done;
    private ImmutableSortedDictionary<string, StoredRow>? _backup;
    private bool _isAlone;

    public FleetFaults(SimulatedFleet fleet, FleetProfile profile, Chance chance, Tally done)
    {
        (_profile, _fleet, _chance, _done) = (profile, fleet, chance, done);
        fleet.Ended = machine => Later(1, _chance.OneIn(2) ? 100 : 8000, machine.Start);
    }

    /// <summary>Whether anything goes wrong (still).</summary>
    public bool AreOn { get; private set; }

    /// <summary>Whether the database was set back.</summary>
    public bool WentBack { get; private set; }

    /// <summary>The one that loses all others now and then.</summary>
    public FleetMachine? Isolated { get; private set; }

    /// <summary>Whether every silo is active and knows it.</summary>
    public Func<bool> IsWhole { get; init; } = static () => true;

    private SimulatedScheduler Scheduler => _fleet.Scheduler;

    /// <summary>From now on things go wrong.</summary>
    public void Begin()
    {
        AreOn = _fleet.LinkTrouble.IsOn = _fleet.StoreTrouble.IsOn = true;
        Next();
    }

    /// <summary>Nothing more goes wrong, and what did is put right.</summary>
    public void End()
    {
        AreOn = false;
        _fleet.Heal();
    }

    private void Next() => Scheduler.At(
        Scheduler.Now + _chance.Between(TimeSpan.FromMilliseconds(1), _profile.FaultPause), Scheduler.Outside, () =>
        {
            if (!AreOn) return;
            var machine = _chance.Pick(_fleet.Machines);
            var other = _chance.Pick([.. _fleet.Machines, .. _fleet.Clients]);
            switch (_profile.Weather)
            {
                case Weather.Calm or Weather.Slow: StopInOrder(machine); break;
                case Weather.Isolated: Isolate(machine); break;
                case Weather.Losses: Lose(machine, other); break;
                default: Storm(machine, other); break;
            }
            Next();
        });

    // Clients can do nothing while there is no silo at all; calls that come in by a silo end with it.
    private void StopInOrder(FleetMachine machine)
    {
        var others = _fleet.Machines.Where(other => other != machine && !other.IsStopping);
        if (_fleet.Clients.Count > 0 && !others.Any(other => other.Program is IGate { IsOpen: true })) return;
        Strike("silo stopped in order", machine.Stop);
    }

    private void Lose(FleetMachine machine, FleetMachine other)
    {
        switch (_chance.Below(_fleet.Clients.Count == 0 ? 9 : 10))
        {
            case 0 or 1: Strike("silo killed", machine.Kill); break;
            case 2: Strike("silo stopped in order", machine.Stop); break;
            case 3:
                Strike("two silos parted", () => _fleet.Part(machine, other), () => _fleet.Join(machine, other));
                break;
            case 4: Strike("silo isolated", () => _fleet.Isolate(machine), () => Return(machine)); break;
            case 5:
                Strike("database cut off", () => _fleet.Store.CutOff(machine.Name),
                    () => _fleet.Store.Mend(machine.Name));
                break;
            case 6:
                Strike("cut one way", () => _fleet.Network.Cut(machine.Address, other.Address),
                    () => _fleet.Network.Mend(machine.Address, other.Address));
                break;
            case 7: CutOff(machine); break;
            case 8: Strike("link broken", _fleet.Network.BreakAny); break;
            default: Strike("client killed", _chance.Pick(_fleet.Clients).Kill); break;
        }
    }

    private void Storm(FleetMachine machine, FleetMachine other)
    {
        switch (_chance.Below(12))
        {
            case 0 or 1 or 2:
                if (machine.Process is not { } process) return;
                Strike("silo paused", process.Pause, process.Resume);
                break;
            case 3: Strike("database down", _fleet.Store.Stop, _fleet.Store.Restart); break;
            case 4: Strike("all silos killed", KillSilos); break;
            case 5 when _profile.MayGoBack: GoBack(); break;
            default: Lose(machine, other); break;
        }
    }

    private void KillSilos()
    {
        foreach (var silo in _fleet.Machines) silo.Kill();
    }

    // A backup that was taken some time ago is restored.
    private void GoBack()
    {
        if (_backup is null)
        {
            _backup = _fleet.Store.Rows;
            return;
        }
        WentBack = true;
        var backup = _backup;
        Strike("database went back", () => _fleet.Store.GoBack(backup));
        _backup = null;
    }

    private void Isolate(FleetMachine machine)
    {
        // Always the same one: what it says against others while it is alone counts for minutes.
        Isolated ??= machine;
        // One at a time: the end of a short one would end a long one too.
        if (_isAlone || !IsWhole()) return;
        _isAlone = true;
        if (_chance.OneIn(2)) CutOff(Isolated);
        else Strike("silo isolated alone", () => _fleet.Isolate(Isolated), () => Return(Isolated));
    }

    // As when somebody pulls the cable.
    private void CutOff(FleetMachine machine) => Strike(
        "silo cut off from all",
        () =>
        {
            _fleet.Isolate(machine);
            _fleet.Store.CutOff(machine.Name);
        },
        () =>
        {
            Return(machine);
            _fleet.Store.Mend(machine.Name);
        });

    private void Return(FleetMachine machine)
    {
        Each(other => _fleet.Join(machine, other));
        if (machine == Isolated) _isAlone = false;
    }

    private void Each(Action<FleetMachine> act)
    {
        foreach (var machine in _fleet.Machines.Concat(_fleet.Clients)) act(machine);
    }

    private void Strike(string kind, Action act, Action? undo = null)
    {
        _done.Count($"fault: {kind}");
        Scheduler.Trace.Add("fault", kind);
        act();
        if (undo is not null) Later(20, _chance.OneIn(2) ? 1500 : 15_000, undo);
    }

    private void Later(int leastMs, int mostMs, Action act) =>
        Scheduler.At(Scheduler.Now + _chance.Milliseconds(leastMs, mostMs), Scheduler.Outside, act);
}

using System.Collections.Immutable;
using Aedile.Engine.Membership;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>
/// One seed of a fleet: its bad luck, and what it has to keep through it. When the faults end, it must be whole again
/// by itself.
/// </summary>
internal abstract class FleetRun
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(4);
    private readonly Dictionary<long, string> _views = [];
    private string? _violation;

    protected FleetRun(ulong seed, bool isTraceKept, int clientsMost = 0, TimeSpan? clocksOff = null)
    {
        Chance = new Chance(seed);
        Profile = FleetProfile.Draw(Chance, clientsMost, clocksOff ?? TimeSpan.FromHours(1));
        Fleet = new SimulatedFleet(Chance, Profile.Plan, MakeProgram, isTraceKept);
        Faults = new FleetFaults(Fleet, Profile, Chance.Split(), Done) { IsWhole = () => Unsettled() is null };
        Fleet.Store.Written = (name, before, after) =>
        {
            if (name == StoredMembership.Row && before.Content is MembershipTableSnapshot old)
                TableWritten(old, (MembershipTableSnapshot)after.Content!);
        };
        Done.Count($"weather: {Profile.Weather}");
    }

    public Chance Chance { get; }

    public FleetProfile Profile { get; }

    public SimulatedFleet Fleet { get; }

    public FleetFaults Faults { get; }

    public Tally Done { get; } = new();

    /// <summary>Who ran which grain.</summary>
    public ActivationBook Book { get; } = new();

    public SimulatedScheduler Scheduler => Fleet.Scheduler;

    /// <summary>The programs that run.</summary>
    public IEnumerable<(FleetMachine Machine, IFleetMember Member)> Members => Fleet.Machines
        .Where(m => m.Program is not null).Select(m => (m, (IFleetMember)m.Program!));

    /// <summary>A promise is broken. The run ends with the first.</summary>
    public void Violation(string what)
    {
        _violation ??= what;
        Scheduler.Trace.Add("VIOLATION", what);
    }

    /// <summary>Runs it all.</summary>
    public RunResult Execute()
    {
        try
        {
            Live();
        }
        catch (EscapedException error)
        {
            Violation(error.Message);
        }
        Done.Count("pieces of work", Scheduler.Steps);
        return new RunResult(_violation, Scheduler.Trace.Hash, Done, Scheduler.Trace.Text);
    }

    /// <summary>Makes what a process runs.</summary>
    protected abstract IFleetProgram MakeProgram(FleetMachine machine, SimulatedProcess process);

    /// <summary>What users do meanwhile; they come to an end by themselves once <see cref="Faults"/> are off.</summary>
    protected virtual Task Use() => Task.CompletedTask;

    /// <summary>Judges what users saw, when everything has settled.</summary>
    protected virtual void Judge() { }

    /// <summary>Two activations of one grain at once are for storms only.</summary>
    protected void JudgeOverlaps()
    {
        if (Book.Overlaps > 0) Done.Count($"overlaps in {Profile.Weather}", Book.Overlaps);
        if (Book.LateEnds > 0) Done.Count($"late ends in {Profile.Weather}", Book.LateEnds);
        if (Book.Overlaps > 0 && Profile.Weather is not Weather.Storm)
            Violation($"{Book.Overlaps} times a grain ran somewhere after it had run elsewhere");
        // Whoever loses its lease in the middle of a turn ends the turn.
        if (Book.LateEnds > 0 && Profile.Weather is (Weather.Calm or Weather.Slow))
            Violation($"{Book.LateEnds} times a grain began elsewhere before a turn had ended");
    }

    /// <summary>A member has a view: everybody who has this version has the same.</summary>
    protected void Saw(MembershipTableSnapshot view)
    {
        if (Faults.WentBack) return;
        var text = string.Join(", ", view.Entries.Select(e => $"{e.Address} {e.Status}"));
        if (_views.TryAdd(view.Version, text)) Done.Count("views");
        else if (_views[view.Version] != text)
            Violation($"view {view.Version} is [{text}] here and [{_views[view.Version]}] there");
    }

    private void TableWritten(MembershipTableSnapshot before, MembershipTableSnapshot after)
    {
        foreach (var entry in after.Entries.Where(e => e.Status is SiloStatus.Dead && !e.Suspicions.IsEmpty))
        {
            // One that leaves has handed over already, and may be gone before it has said so.
            if (before.Find(entry.Address) is not { Status: SiloStatus.Joining or SiloStatus.Active }) continue;
            Done.Count("silos declared dead");
            var (machine, member) = Members.FirstOrDefault(m => entry.Address.Equals(m.Member.Self));
            if (member is not null && Profile.Weather is (Weather.Calm or Weather.Slow or Weather.Isolated)
                && machine != Faults.Isolated)
                Violation($"{entry.Address} was declared dead and is healthy");
        }
    }

    private void Live()
    {
        foreach (var machine in Fleet.Machines.Concat(Fleet.Clients))
        {
            Scheduler.At(
                Chance.Milliseconds(0, Chance.OneIn(2) ? 50 : 3000), Scheduler.Outside, machine.Start);
        }
        if (!RunUntil(() => Unsettled() is null)) Violation($"the fleet did not come up: {Unsettled()}");
        if (_violation is not null) return;

        Faults.Begin();
        var use = Scheduler.Outside.Run(Use);
        var end = Scheduler.Now + Profile.Length;
        Scheduler.At(end, Scheduler.Outside, Faults.End);
        Scheduler.RunUntil(() => Scheduler.Now >= end || _violation is not null, Profile.Length * 2);
        if (_violation is not null) return;

        if (!RunUntil(() => Unsettled() is null && use.IsCompleted) && _violation is null)
            Violation($"after the faults: {Unsettled() ?? $"users wait: {use.Exception?.ToString() ?? "for ever"}"}");
        if (use.IsFaulted) Violation($"a user failed: {use.Exception}");
        if (_violation is null) Judge();
    }

    private bool RunUntil(Func<bool> isDone)
    {
        var end = Scheduler.Now + SettleLimit;
        while (Scheduler.Now < end && _violation is null)
        {
            if (isDone()) return true;
            Scheduler.RunUntil(() => _violation is not null, TimeSpan.FromMilliseconds(250));
        }
        return false;
    }

    /// <summary>What the fleet still lacks to be whole; null when nothing.</summary>
    private string? Unsettled()
    {
        var table = StoredMembership.TableOf(Fleet.Store);
        var active = table.Active.Select(e => e.Address).ToImmutableArray();
        foreach (var machine in Fleet.Machines)
        {
            if (machine.Program is not IFleetMember { Self: { } self } member) return $"{machine.Name} does not run";
            if (!active.Contains(self)) return $"{self} is not active";
            if (member.View.Version != table.Version)
                return $"{self} has view {member.View.Version}, the table {table.Version}";
        }
        foreach (var client in Fleet.Clients)
        {
            if (client.Program is not IGate { IsOpen: true }) return $"{client.Name} is not linked";
        }
        return active.Length == Fleet.Machines.Count ? null : $"active are {string.Join(", ", active)}";
    }
}

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>
/// One seed of whole silos whose users set alarms and take them back. When the fleet is whole again, each alarm rings
/// once a period, by one silo, if the last word on it was to ring.
/// </summary>
internal sealed class ReminderRun : FleetRun
{
    private const int Periods = 5;
    private static readonly TimeSpan[] PeriodsAsked = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)];
    private readonly SortedDictionary<string, TimeSpan?> _alarms = new(StringComparer.Ordinal);
    private readonly FleetSabotage _sabotage;
    private readonly TickLedger _ticks;

    public ReminderRun(ulong seed, FleetSabotage sabotage, bool isTraceKept)
        : base(seed, isTraceKept, clocksOff: TimeSpan.FromMilliseconds(100))
    {
        _sabotage = sabotage;
        _ticks = new TickLedger(() => Scheduler.Now);
    }

    protected override IFleetProgram MakeProgram(FleetMachine machine, SimulatedProcess process) =>
        new SiloProgram(Fleet, machine, process, _sabotage, Book, _ticks);

    protected override async Task Use()
    {
        var alarms = Enumerable.Range(0, 2 + Chance.Below(4)).Select(i => $"alarm-{i}").ToList();
        while (Faults.AreOn)
        {
            await Pause(Chance.Milliseconds(0, 1000));
            await Say(Chance.Pick(alarms), Chance.OneIn(3) ? null : Chance.Pick(PeriodsAsked));
        }

        foreach (var alarm in alarms)
        {
            TimeSpan? period = Chance.OneIn(3) ? null : Chance.Pick(PeriodsAsked);
            while (!await Say(alarm, period)) await Pause(TimeSpan.FromMilliseconds(100));
            _alarms[alarm] = period;
        }

        while (!Faults.IsWhole()) await Pause(TimeSpan.FromMilliseconds(100));

        // What a silo was not told it reads from the table, once a refresh.
        await Pause(SiloProgram.ReminderRefresh + TimeSpan.FromSeconds(10));
        var began = Scheduler.Now;
        await Pause(PeriodsAsked.Max() * Periods);
        foreach (var (alarm, period) in _alarms) JudgeAlarm(alarm, period, began);
    }

    protected override void Judge() => Done.Count("ticks", _ticks.Count);

    private void JudgeAlarm(string alarm, TimeSpan? period, TimeSpan began)
    {
        var rung = _ticks.Since(alarm, began);
        if (period is not { } each)
        {
            if (rung > 0) Violation($"{alarm} was taken back and rang {rung} times");
            return;
        }

        // One more or less at the edges of the time that was watched.
        var expected = (Scheduler.Now - began) / each;
        if (rung < expected - 1.5 || rung > expected + 1.5)
            Violation($"{alarm} rang {rung} times in {expected:F1} periods of {each}");
    }

    private Task Pause(TimeSpan time) => Scheduler.Outside.Time.Wait(time);

    private async Task<bool> Say(string alarm, TimeSpan? period)
    {
        var gates = Fleet.Machines.Where(machine => machine.Program is IGate { IsOpen: true }).ToList();
        if (gates.Count == 0) return false;
        var call = ((IGate)Chance.Pick(gates).Program!).Call(async grains =>
        {
            var grain = grains.GetGrain<IAlarmGrain>(alarm);
            await (period is { } each ? grain.Set(each) : grain.Unset());
            return true;
        });

        // A process that dies says nothing more.
        await Task.WhenAny(call, Pause(TimeSpan.FromSeconds(35)));
        Done.Count(call.IsCompletedSuccessfully ? "words answered" : "words unanswered");
        return call.IsCompletedSuccessfully;
    }
}

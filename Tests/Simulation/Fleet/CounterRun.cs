
namespace Aedile.Tests.Simulation.Fleet;

/// <summary>One seed of whole silos and clients, whose users count.</summary>
internal sealed class CounterRun(ulong seed, FleetSabotage sabotage, bool isTraceKept)
    : FleetRun(seed, isTraceKept, clientsMost: 2)
{
    private readonly SortedDictionary<string, CounterLedger> _counters = new(StringComparer.Ordinal);
    private long _operations;

    private IEnumerable<FleetMachine> OpenGates =>
        Fleet.Machines.Concat(Fleet.Clients).Where(machine => machine.Program is IGate { IsOpen: true });

    protected override IFleetProgram MakeProgram(FleetMachine machine, SimulatedProcess process) =>
        Fleet.Clients.Contains(machine)
            ? new ClientProgram(Fleet, machine, process)
            : new SiloProgram(Fleet, machine, process, sabotage, Book);

    protected override async Task Use()
    {
        var keys = 1 + Chance.Below(5);
        for (var i = 0; i < keys; i++) _counters[$"counter-{i}"] = new CounterLedger($"counter-{i}");
        await Task.WhenAll(Enumerable.Range(0, 1 + Chance.Below(4)).Select(_ => Count(Chance.Split())));

        // Whoever lives now must be able to use everything.
        foreach (var ledger in _counters.Values) await AddUntilAnswered(ledger);
    }

    protected override void Judge()
    {
        Done.Count("activations", (int)Book.Begun);
        JudgeOverlaps();
        foreach (var ledger in _counters.Values)
        {
            var row = Fleet.Store[StoredGrains.RowOf("counter", GrainId.Create("counter", ledger.Name))];
            if (ledger.FirstBrokenPromise(StoredGrains.Read<CounterState>(row), Faults.WentBack) is { } broken)
                Violation($"{ledger.Name}: {broken}");
        }
    }

    private async Task Count(Chance chance)
    {
        while (Faults.AreOn)
        {
            await Scheduler.Outside.Time.Wait(chance.Milliseconds(0, chance.Pick([20, 300, 2000])));
            var gates = OpenGates.ToList();
            if (gates.Count == 0) continue;
            var ledger = chance.Pick([.. _counters.Values]);
            await Add(chance.Pick(gates), ledger, chance.Pick([0, 1, 1, 5]), chance);
        }
    }

    private async Task<bool> Add(FleetMachine gate, CounterLedger ledger, int number, Chance chance)
    {
        var operation = ++_operations;
        // Only to a later one: two counters that call each other would wait for themselves.
        var earlier = _counters.Keys.Where(key => string.CompareOrdinal(key, ledger.Name) < 0).ToList();
        var through = earlier.Count > 0 && chance.OneIn(4) ? chance.Pick(earlier) : ledger.Name;
        var started = Scheduler.Now;
        var (program, process) = ((IGate)gate.Program!, gate.Process!);
        Scheduler.Trace.Add("user", $"asks {gate.Name}", $"{operation}: {ledger.Name} +{number}");
        var call = program.Call(grains => through == ledger.Name
            ? grains.GetGrain<ICounterGrain>(ledger.Name).Add(operation, number)
            : grains.GetGrain<ICounterGrain>(through).Forward(ledger.Name, operation, number));
        // A process that dies says nothing more.
        var limit = Scheduler.Outside.Time.Wait(TimeSpan.FromSeconds(45));
        await Task.WhenAny(call, limit, Death(gate, process));
        if (call.IsCompletedSuccessfully)
        {
            ledger.Answered(started, Scheduler.Now, operation, number, call.Result);
            Scheduler.Trace.Add("user", "hears", $"{operation}: {call.Result}");
            Done.Count(program is ClientProgram ? "calls of clients answered" : "calls of silos answered");
            return true;
        }
        ledger.Unanswered(started, operation, number, call.Exception?.InnerException);
        Scheduler.Trace.Add("user", "gives up", $"{operation}: {call.Exception?.InnerException?.Message}");
        Done.Count($"calls failed: {call.Exception?.InnerException?.GetType().Name ?? "nothing was heard"}");
        if (Profile.Weather is Weather.Calm or Weather.Slow)
            Violation($"call {operation} failed: {call.Exception?.InnerException?.ToString() ?? "no answer"}");
        return false;
    }

    private async Task AddUntilAnswered(CounterLedger ledger)
    {
        while (true)
        {
            await Scheduler.Outside.Time.Wait(TimeSpan.FromMilliseconds(100));
            var gates = OpenGates.ToList();
            if (gates.Count > 0 && await Add(Chance.Pick(gates), ledger, 1, Chance)) return;
        }
    }

    private async Task Death(FleetMachine machine, SimulatedProcess process)
    {
        while (machine.Process == process) await Scheduler.Outside.Time.Wait(TimeSpan.FromMilliseconds(50));
    }
}

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>
/// One seed of whole silos and clients, whose users enumerate what grains yield and are called back by grains.
/// </summary>
internal sealed class ReachRun(ulong seed, bool isTraceKept) : FleetRun(seed, isTraceKept, clientsMost: 2)
{
    private const int Keys = 6;

    private readonly Dictionary<long, int> _echoes = [];
    private long _questions;

    protected override IFleetProgram MakeProgram(FleetMachine machine, SimulatedProcess process) =>
        Fleet.Clients.Contains(machine)
            ? new ClientProgram(Fleet, machine, process)
            : new SiloProgram(Fleet, machine, process, FleetSabotage.None, Book);

    protected override async Task Use()
    {
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Live(Chance.Split())));

        // Whoever lives now must be reached.
        for (var key = 0; key < Keys; key++)
        {
            while (!await Enumerate($"key-{key}", 20, 0)) await Pause(100);
            while (!await Ask($"key-{key}")) await Pause(100);
        }
    }

    private async Task Live(Chance chance)
    {
        while (Faults.AreOn)
        {
            await Pause(chance.Below(chance.Pick([20, 300, 2000])));
            var key = $"key-{chance.Below(Keys)}";
            if (chance.OneIn(2)) await Ask(key);
            else await Enumerate(key, chance.Below(60), chance.Pick([0, 1, 40]));
        }
    }

    // What arrives is the beginning of what the grain yields, without a gap, and all of it if nothing was thrown.
    private async Task<bool> Enumerate(string key, int items, int pauseMs)
    {
        var seen = new List<int>();
        var result = await Through(async grains =>
        {
            await foreach (var item in grains.GetGrain<IUnfoldingGrain>(key).Unfold(items, pauseMs).WithBatchSize(7))
                seen.Add(item);
            return seen.Count;
        });
        if (!seen.SequenceEqual(Enumerable.Range(0, seen.Count)))
            Violation($"{key} yielded [{string.Join(' ', seen)}]");
        if (result is { } count && count != items) Violation($"{key} yielded {count} of {items} and no error");
        Done.Count(result is null ? "enumerations broken off" : "enumerations whole");
        Done.Count("items", seen.Count);
        return result is not null;
    }

    // A call of an observer runs at most once, and once if it was answered.
    private async Task<bool> Ask(string key)
    {
        var number = ++_questions;
        _echoes[number] = 0;
        var echo = new Echo(asked => _echoes[asked]++);
        var result = await Through(grains =>
            grains.GetGrain<IUnfoldingGrain>(key).Ask(grains.CreateObjectReference<IEcho>(echo), number));
        if (_echoes[number] > 1) Violation($"question {number} was asked {_echoes[number]} times");
        if (result is { } answer && (answer != number || _echoes[number] != 1))
            Violation($"question {number} has the answer {answer}, and was asked {_echoes[number]} times");
        Done.Count(result is null ? "observers not reached" : "observers reached");
        GC.KeepAlive(echo);
        return result is not null;
    }

    /// <returns>Null: it failed, or the process that was asked died.</returns>
    private async Task<T?> Through<T>(Func<IGrainFactory, Task<T>> use)
        where T : struct
    {
        var gates = Fleet.Machines.Concat(Fleet.Clients).Where(m => m.Program is IGate { IsOpen: true }).ToList();
        if (gates.Count == 0) return null;
        var gate = Chance.Pick(gates);
        var process = gate.Process;
        var call = ((IGate)gate.Program!).Call(use);
        while (!call.IsCompleted && gate.Process == process) await Pause(50);
        if (call.IsCompletedSuccessfully)
        {
            Done.Count(gate.Program is ClientProgram ? "from clients" : "from silos");
            return call.Result;
        }

        if (call.Exception?.InnerException is { } error && !IsExpected(error)) Violation($"a user got {error}");
        return null;
    }

    private static bool IsExpected(Exception error) =>
        error is OrleansException or TimeoutException or EnumerationAbortedException or OperationCanceledException;

    private Task Pause(int milliseconds) => Scheduler.Outside.Time.Wait(TimeSpan.FromMilliseconds(milliseconds));

    private sealed class Echo(Action<long> asked) : IEcho
    {
        public Task<long> Repeat(long number)
        {
            asked(number);
            return Task.FromResult(number);
        }
    }
}

using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Model;
using Aedile.Tests.Simulation.Fleet;

namespace Aedile.Tests.Simulation.Model;

/// <summary>
/// One seed of silos whose users write definitions and read them in every mode. All that was ever written is noted when
/// the database takes it, so that replies and reads are judged by one history.
/// </summary>
internal sealed class ModelRun(ulong seed, bool isTraceKept, bool isBlind = false) : FleetRun(seed, isTraceKept)
{
    private const int Nodes = 5;

    private readonly Dictionary<long, string> _digests = [];
    private readonly Dictionary<Guid, long> _acknowledged = [];
    private readonly HashSet<Guid> _notWritten = [];
    private long _newestAcknowledged;
    private int _commands;

    protected override IFleetProgram MakeProgram(FleetMachine machine, SimulatedProcess process) =>
        new ModelProgram(Fleet, machine, process, Book, isBlind, Applied);

    protected override async Task Use()
    {
        await Task.WhenAll(Enumerable.Range(0, 2 + Chance.Below(3)).Select(_ => Live(Chance.Split())));

        // Whoever lives now can write, and all see it.
        while (!await Write(Chance)) await Pause(200);
        while (!AllAgree()) await Pause(200);
    }

    protected override void Judge()
    {
        Done.Count("commands acknowledged", _acknowledged.Count);
        if (Faults.WentBack) return; // What was acknowledged since the backup is lost by the operator's own hand.
        if (Members.Any(m => ((ModelProgram)m.Member).Sync is { WentBack: > 0 }))
            Violation("a replica took the database for one that went back");
        // From the database itself: a replica knows commands for a while only.
        var written = StoredJournal.WrittenOf(Fleet.Store)
            .Select(entry => JsonSerializer.Deserialize<JournalEntry>(entry.Content, Wire.Json)!)
            .ToLookup(entry => entry.Command, entry => entry.Index);
        foreach (var command in _notWritten)
        {
            foreach (var index in written[command])
                Violation($"{command} was said not to be written, and is entry {index}");
        }

        foreach (var (command, index) in _acknowledged)
        {
            if (!written[command].SequenceEqual([index]))
                Violation($"{command} was acknowledged as entry {index}, and is lost or elsewhere");
        }
    }

    private async Task Live(Chance chance)
    {
        while (Faults.AreOn)
        {
            await Pause(chance.Below(chance.Pick([20, 200, 1500])));
            if (chance.OneIn(2)) await Write(chance);
            else await Read(chance);
        }
    }

    private async Task<bool> Write(Chance chance)
    {
        if (Pick(chance) is not var (machine, program)) return false;
        var command = new WriteCommand(new Guid(++_commands, 0, 0, new byte[8]), "user", null, [Change(chance)],
            ActorRights.System);
        var floor = _newestAcknowledged;
        var call = program.Call(async grains =>
        {
            var writer = new ModelWriter(grains, program.Replica, machine.Process!.Time);
            return await writer.Write(command, CancellationToken.None);
        });
        if (!await Heard(machine, call)) return false;
        var (reply, isApplied) = (call.Result.Reply, call.Result.IsApplied);
        Done.Count($"writes: {reply.Outcome}");
        if (reply.Outcome is WriteOutcome.Refused or WriteOutcome.NotNow) _notWritten.Add(command.Id);
        if (reply.Outcome is not WriteOutcome.Written) return false;
        _acknowledged[command.Id] = reply.Index;
        if (reply.Index <= floor && !Faults.WentBack)
            Violation($"{command.Id} is entry {reply.Index}, and {floor} was acknowledged before it was asked");
        if (isApplied && program.Replica.Current.Index < reply.Index && !Faults.WentBack)
            Violation($"{machine.Name} says that it shows entry {reply.Index}, and doesn't");
        _newestAcknowledged = Math.Max(_newestAcknowledged, reply.Index);
        return true;
    }

    private async Task Read(Chance chance)
    {
        if (Pick(chance) is not var (machine, program)) return;
        var (mode, floor) = (chance.Below(3), _newestAcknowledged);
        var before = program.Replica.Current;
        var call = program.Call(async _ =>
        {
            var index = mode switch { 0 => 0, 1 => floor, _ => await program.Latest.Ask() };
            return await program.Replica.WaitFor(index, TimeSpan.FromSeconds(5), CancellationToken.None)
                ? program.Replica.Current
                : null;
        });
        if (!await Heard(machine, call) || call.Result is not { } state) return;
        Done.Count(mode switch { 0 => "reads: local", 1 => "reads: at least", _ => "reads: latest" });
        if (Faults.WentBack) return;
        if (mode != 0 && state.Index < floor)
            Violation($"a read of {machine.Name} is at {state.Index}, and {floor} was acknowledged before it began");
        if (state.Index < before.Index) Violation($"{machine.Name} went back from {before.Index} to {state.Index}");
    }

    private async Task<bool> Heard<T>(FleetMachine machine, Task<T> call)
    {
        var process = machine.Process;
        while (!call.IsCompleted && machine.Process == process) await Pause(20);
        if (call.IsCompletedSuccessfully) return true;
        Done.Count(call.IsCompleted ? $"failed: {call.Exception?.InnerException?.GetType().Name}" : "not heard");
        if (call.Exception?.InnerException is { } error and not JournalAwayException)
            Violation($"a user got {error}");
        return false;
    }

    private (FleetMachine Machine, ModelProgram Program)? Pick(Chance chance)
    {
        var open = Fleet.Machines.Where(m => m.Program is ModelProgram { IsOpen: true }).ToList();
        if (open.Count == 0) return null;
        var machine = chance.Pick(open);
        return (machine, (ModelProgram)machine.Program!);
    }

    private static WriteChange Change(Chance chance)
    {
        var id = $"n{chance.Below(Nodes)}";
        return chance.Below(5) switch
        {
            0 or 1 => new(ChangeVerb.Create, "node", id, null, """{"spec":{"attributes":[]}}"""),
            2 => new(ChangeVerb.Delete, "node", id, null, null),
            _ => new(ChangeVerb.Patch, "node", id, null, $$$"""{"tags":{"t":"{{{chance.Below(1000)}}}"}}"""),
        };
    }

    // Every replica has the same history at the same index.
    private void Applied(ModelState state)
    {
        if (Faults.WentBack) return;
        if (_digests.TryAdd(state.Index, state.Digest)) Done.Count("entries");
        else if (_digests[state.Index] != state.Digest) Violation($"two histories at index {state.Index}");
    }

    private bool AllAgree() => Members.Select(m => ((ModelProgram)m.Member).Replica.Current)
        .Append(null).DistinctBy(state => state?.Digest ?? StoredJournal.HeadOf(Fleet.Store).Digest).Count() == 1;

    private Task Pause(int milliseconds) => Scheduler.Outside.Time.Wait(TimeSpan.FromMilliseconds(milliseconds));
}

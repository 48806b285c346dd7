
namespace Aedile.Tests.Simulation.Fleet;

/// <summary>
/// One seed of membership and placement alone: the production agent, rules, ring and router, under grains that only
/// say where they run.
/// </summary>
internal sealed class MembershipRun(ulong seed, FleetSabotage sabotage, bool isTraceKept)
    : FleetRun(seed, isTraceKept)
{
    private static readonly GrainId[] Grains =
        [.. Enumerable.Range(0, 6).Select(n => GrainId.Create("thing", $"thing-{n}"))];

    private readonly List<object> _letters = [new()];

    protected override IFleetProgram MakeProgram(FleetMachine machine, SimulatedProcess process) =>
        new MemberProgram(Fleet, machine, process, sabotage, _letters, Book) { Saw = Saw };

    protected override async Task Use()
    {
        var chance = Chance.Split();
        while (Faults.AreOn)
        {
            await Scheduler.Outside.Time.Wait(chance.Milliseconds(0, 20));
            var machine = chance.Pick(Fleet.Machines);
            if (machine is not { Program: MemberProgram member, Process: { } process }) continue;
            var grain = chance.Pick(Grains);
            _ = process.Run(async () =>
            {
                if (await member.Call(grain)) Done.Count("turns");
            });
        }
    }

    protected override void Judge()
    {
        Done.Count("activations", (int)Book.Begun);
        JudgeOverlaps();
    }
}

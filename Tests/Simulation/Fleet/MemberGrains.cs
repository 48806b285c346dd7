using Aedile.Engine.Placement;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>Grains of one silo that take a while for each turn and have nothing to say.</summary>
internal sealed class MemberGrains(SimulatedProcess process, Chance chance, ActivationBook book) : IGrainHost
{
    private readonly Dictionary<GrainId, Held> _held = [];

    public async Task Release(Func<GrainId, bool> leaves, CancellationToken hurry)
    {
        var leaving = _held.Where(h => leaves(h.Key)).Select(h => h.Value).ToList();
        foreach (var grain in leaving) grain.IsLeaving = true;
        foreach (var grain in leaving)
        {
            while (grain.Turns > 0) await process.Time.Wait(TimeSpan.FromMilliseconds(2));
            if (_held.GetValueOrDefault(grain.Id) == grain) _held.Remove(grain.Id);
        }
    }

    /// <summary>Runs a turn here, if the grain still lives here when its activation was added.</summary>
    public async Task<bool> Run(GrainId id, Func<bool> livesHere)
    {
        if (!_held.TryGetValue(id, out var grain)) _held.Add(id, grain = new Held(id, book.Begin(id)));
        if (grain.IsLeaving || !livesHere())
        {
            if (grain.Turns == 0) _held.Remove(id);
            return false;
        }
        grain.Turns++;
        book.Ran(id, grain.Number);
        await process.Time.Wait(chance.Milliseconds(0, chance.OneIn(10) ? 300 : 10));
        book.Ended(id, grain.Number);
        grain.Turns--;
        return true;
    }

    private sealed record Held(GrainId Id, long Number)
    {
        public int Turns { get; set; }

        public bool IsLeaving { get; set; }
    }
}

using Aedile.Grains.Model;

namespace Aedile.Silo.Model;

/// <summary>
/// How many entries follow on a snapshot before the next one: as many as it has lines, so that snapshots cost no entry
/// more than a line or so, however large the model is. Within bounds: who starts reads the entries one by one.
/// </summary>
internal static class SnapshotPace
{
    /// <summary>For a small model.</summary>
    public const int EntriesMin = 10_000;

    /// <summary>For a large one.</summary>
    public const int EntriesMax = 100_000;

    /// <summary>How many entries follow on a snapshot of a state.</summary>
    public static int EntriesAfter(ModelState state) =>
        Math.Clamp(state.Count + state.Commands.Count, EntriesMin, EntriesMax);
}

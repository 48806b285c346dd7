
namespace Aedile.Tests.Simulation.Fleet;

/// <summary>
/// Who ran turns of which grain, over all silos. Two activations at once do harm only when the older one runs again
/// after the younger one has: that is what is counted as an overlap.
/// </summary>
public sealed class ActivationBook
{
    private readonly Dictionary<GrainId, (long Newest, int Overlaps)> _grains = [];
    private long _begun;

    /// <summary>How often an older activation ran a turn after a younger one.</summary>
    public int Overlaps { get; private set; }

    /// <summary>How often one still was in a turn when a younger one had begun to run.</summary>
    public int LateEnds { get; private set; }

    /// <summary>How many activations there were.</summary>
    public long Begun => _begun;

    /// <summary>An activation begins.</summary>
    /// <returns>Its number: a later one has a higher number.</returns>
    public long Begin(GrainId grain) => ++_begun;

    /// <summary>An activation ends a turn that took a while.</summary>
    public void Ended(GrainId grain, long activation)
    {
        if (activation < _grains.GetValueOrDefault(grain).Newest) LateEnds++;
    }

    /// <summary>An activation begins a turn.</summary>
    public void Ran(GrainId grain, long activation)
    {
        var (newest, overlaps) = _grains.GetValueOrDefault(grain);
        if (activation >= newest)
        {
            _grains[grain] = (activation, overlaps);
            return;
        }
        _grains[grain] = (newest, overlaps + 1);
        Overlaps++;
    }
}

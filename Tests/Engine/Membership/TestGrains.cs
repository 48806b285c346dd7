using Aedile.Engine.Placement;

namespace Aedile.Tests.Engine.Membership;

/// <summary>The activations of one test silo, made and ended by the rules of the catalog.</summary>
internal sealed class TestGrains(TimeProvider clock) : IGrainHost
{
    private readonly HashSet<GrainId> _running = [];

    public IRouter Router { get; set; } = null!;

    /// <summary>How long a grain takes to end.</summary>
    public TimeSpan TurnTime { get; set; }

    public IReadOnlySet<GrainId> Running => _running;

    /// <summary>Activates a grain as soon as the silo may; does nothing when it lives elsewhere.</summary>
    public async Task<bool> Activate(GrainId grain)
    {
        if (!Router.Self.Equals(Router.OwnerOf(grain))) return false;
        await Router.WhenMayHost(grain, CancellationToken.None);
        if (!Router.Self.Equals(Router.OwnerOf(grain))) return false;
        return _running.Add(grain);
    }

    public async Task Release(Func<GrainId, bool> leaves, CancellationToken hurry)
    {
        var leaving = _running.Where(leaves).ToList();
        if (leaving.Count > 0 && TurnTime > TimeSpan.Zero) await Task.Delay(TurnTime, clock, hurry);
        foreach (var grain in leaving) _running.Remove(grain);
    }

    public void Crash() => _running.Clear();
}

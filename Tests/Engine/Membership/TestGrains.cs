using Aedile.Engine.Placement;

namespace Aedile.Tests.Engine.Membership;

/// <summary>The activations of one test silo, made and ended by the rules of the catalog.</summary>
internal sealed class TestGrains(TimeProvider clock) : IGrainHost
{
    private readonly HashSet<GrainId> _running = [];
    private readonly HashSet<GrainId> _wanted = [];

    public IRouter Router { get; set; } = null!;

    /// <summary>How long a grain takes to end.</summary>
    public TimeSpan TurnTime { get; set; }

    public IReadOnlySet<GrainId> Running => _running;

    /// <summary>Activates a grain as soon as the silo may; does nothing when it lives elsewhere.</summary>
    public async Task Activate(GrainId grain)
    {
        if (_running.Contains(grain) || !Router.Self.Equals(Router.OwnerOf(grain)) || !_wanted.Add(grain)) return;
        try
        {
            await Router.WhenMayHost(grain, CancellationToken.None);
            if (Router.Self.Equals(Router.OwnerOf(grain))) _running.Add(grain);
        }
        finally
        {
            _wanted.Remove(grain);
        }
    }

    public async Task Release(Func<GrainId, bool> leaves, CancellationToken hurry)
    {
        var leaving = _running.Where(leaves).ToList();
        if (leaving.Count > 0 && TurnTime > TimeSpan.Zero) await Task.Delay(TurnTime, clock, hurry);
        foreach (var grain in leaving) _running.Remove(grain);
    }

    public void Crash() => _running.Clear();
}

namespace Aedile.Engine.Simulation;

/// <summary>What goes wrong by itself on the wires of a run. Cuts and deaths are told to the network instead.</summary>
internal sealed class LinkTrouble
{
    /// <summary>Whether anything does. Off: frames take at most 2 ms.</summary>
    public bool IsOn { get; set; }

    /// <summary>One frame in so many breaks its link.</summary>
    public int BreakOneIn { get; init; } = int.MaxValue;

    /// <summary>One frame in so many is late, and all behind it.</summary>
    public int LateOneIn { get; init; } = int.MaxValue;

    /// <summary>How late at most.</summary>
    public TimeSpan LateMost { get; init; } = TimeSpan.FromSeconds(5);
}

namespace Aedile.Engine.Simulation;

/// <summary>What goes wrong by itself between the database and those who use it.</summary>
internal sealed class StoreTrouble
{
    /// <summary>Whether anything does. Off: a statement takes at most 4 ms.</summary>
    public bool IsOn { get; set; }

    /// <summary>One statement in so many fails: refused, broken before it ran, or after it ran.</summary>
    public int FailOneIn { get; init; } = int.MaxValue;

    /// <summary>One statement in so many is slow.</summary>
    public int SlowOneIn { get; init; } = int.MaxValue;

    /// <summary>How slow at most.</summary>
    public TimeSpan SlowMost { get; init; } = TimeSpan.FromSeconds(8);
}

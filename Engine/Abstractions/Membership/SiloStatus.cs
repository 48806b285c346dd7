namespace Orleans.Runtime;

/// <summary>Where a silo is in its life. It only moves forward; from every state it may go to Dead.</summary>
public enum SiloStatus
{
    None = 0,
    Created = 1,

    /// <summary>Started, reaches for the others; hosts nothing yet.</summary>
    Joining = 2,

    /// <summary>Hosts grains.</summary>
    Active = 3,

    /// <summary>Hands its grains over.</summary>
    ShuttingDown = 4,
    Stopping = 5,

    /// <summary>Left, or was declared dead. It never comes back: a restart is a new silo.</summary>
    Dead = 6,
}

namespace Aedile.Tests.Simulation;

/// <summary>How one run is made: drawn from the seed, so that some runs are calm and some are not.</summary>
internal sealed record Profile
{
    /// <summary>Storage nodes, all assigned.</summary>
    public required int Nodes { get; init; }

    /// <summary>Clients at a time.</summary>
    public required int Clients { get; init; }

    /// <summary>Pushes and reads of each client.</summary>
    public required int ActionsPerClient { get; init; }

    /// <summary>One message in so many is lost.</summary>
    public required int LossOneIn { get; init; }

    /// <summary>One message in so many is late, by up to 20 s.</summary>
    public required int LateOneIn { get; init; }

    /// <summary>A fault strikes once in so many passings of a border.</summary>
    public required int FaultOneIn { get; init; }

    /// <summary>Faults of a run, at most.</summary>
    public required int FaultsMost { get; init; }

    /// <summary>One write of the database in so many fails, or seems to.</summary>
    public required int DatabaseFaultOneIn { get; init; }

    /// <summary>Whether one machine may lose its disk for good.</summary>
    public required bool MayLoseDisk { get; init; }

    /// <summary>Silos, each on a machine of its own.</summary>
    public required int Silos { get; init; }

    /// <summary>Draws a profile.</summary>
    public static Profile Draw(Chance chance) => new()
    {
        Nodes = chance.Pick([3, 3, 3, 3, 2, 4, 5, 1]),
        Clients = 1 + chance.Below(4),
        ActionsPerClient = 4 + chance.Below(8),
        LossOneIn = chance.Pick([25, 100, 1000, int.MaxValue]),
        LateOneIn = chance.Pick([50, 300, 3000, int.MaxValue]),
        FaultOneIn = chance.Pick([30, 80, 250, 800]),
        FaultsMost = chance.Below(16),
        DatabaseFaultOneIn = chance.Pick([10, 50, int.MaxValue]),
        MayLoseDisk = chance.OneIn(8),
        Silos = chance.Pick([1, 1, 2, 3]),
    };
}

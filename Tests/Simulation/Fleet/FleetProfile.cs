namespace Aedile.Tests.Simulation.Fleet;

/// <summary>Which promises a run may hold the fleet to.</summary>
internal enum Weather
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>Silos join and leave in order, frames take milliseconds: no call fails, nobody dies.</summary>
    Calm,

    /// <summary>Frames and statements are late, but not by a probe's limit: nobody healthy is declared dead.</summary>
    Slow,

    /// <summary>One silo loses all others, with the database or without: nobody else is declared dead.</summary>
    Isolated,

    /// <summary>Processes die, silos lose the database or each other: no grain is in two places at once.</summary>
    Losses,

    /// <summary>Everything, with pauses and clocks that nobody bounds: only compare-and-set is left.</summary>
    Storm,
}

/// <summary>How one run of a fleet is made: drawn from the seed.</summary>
internal sealed record FleetProfile
{
    /// <summary>What goes wrong.</summary>
    public required Weather Weather { get; init; }

    /// <summary>Machines, wires and database.</summary>
    public required FleetPlan Plan { get; init; }

    /// <summary>For how long things go wrong.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>The longest time between two faults.</summary>
    public required TimeSpan FaultPause { get; init; }

    /// <summary>Whether the database may be set back.</summary>
    public required bool MayGoBack { get; init; }

    /// <summary>Draws a profile.</summary>
    /// <param name="chance">Decides.</param>
    /// <param name="clientsMost">How many clients there may be.</param>
    /// <param name="clocksOff">How wrong the time of day may be.</param>
    public static FleetProfile Draw(Chance chance, int clientsMost, TimeSpan clocksOff)
    {
        var weather = chance.Pick(
            [
                Weather.Calm, Weather.Slow, Weather.Isolated, Weather.Losses, Weather.Losses, Weather.Storm,
                Weather.Storm,
            ]);
        // Of two that don't hear each other, one has to go.
        var silos = weather is Weather.Isolated ? 3 + chance.Below(2) : chance.Pick([2, 3, 3, 3, 4, 5]);
        return new FleetProfile
        {
            Weather = weather,
            Plan = new FleetPlan(
                [.. Enumerable.Range(0, silos).Select(_ => Clock(weather, chance, clocksOff))],
                [.. Enumerable.Range(0, chance.Below(clientsMost + 1)).Select(_ => Clock(weather, chance, clocksOff))],
                Links(weather, chance), Store(weather, chance)),
            Length = chance.Milliseconds(5_000, 40_000),
            FaultPause = TimeSpan.FromMilliseconds(chance.Pick([300, 2000, 8000])),
            MayGoBack = weather is Weather.Storm && chance.OneIn(6),
        };
    }

    // Crystals are right to 100 ppm; only in a storm may they be anything. The time of day is always anything.
    private static ClockError Clock(Weather weather, Chance chance, TimeSpan off)
    {
        var most = weather is Weather.Storm ? 50_000 : 100;
        var offMost = (int)off.TotalMilliseconds;
        return new ClockError(chance.Below(2 * most + 1) - most, chance.Milliseconds(-offMost, offMost));
    }

    private static LinkTrouble Links(Weather weather, Chance chance) => weather switch
    {
        Weather.Slow => new LinkTrouble
        {
            LateOneIn = chance.Pick([3, 20]), LateMost = TimeSpan.FromMilliseconds(80),
        },
        Weather.Storm => new LinkTrouble
        {
            LateOneIn = chance.Pick([20, 300, int.MaxValue]), LateMost = TimeSpan.FromSeconds(8),
            BreakOneIn = chance.Pick([50, 1000, int.MaxValue]),
        },
        Weather.Losses => new LinkTrouble { BreakOneIn = chance.Pick([200, int.MaxValue]) },
        _ => new LinkTrouble(),
    };

    private static StoreTrouble Store(Weather weather, Chance chance) => weather switch
    {
        Weather.Slow => new StoreTrouble
        {
            SlowOneIn = chance.Pick([3, 20]), SlowMost = TimeSpan.FromMilliseconds(300),
        },
        Weather.Storm or Weather.Losses => new StoreTrouble
        {
            SlowOneIn = chance.Pick([20, 200, int.MaxValue]), FailOneIn = chance.Pick([10, 100, int.MaxValue]),
        },
        _ => new StoreTrouble(),
    };
}

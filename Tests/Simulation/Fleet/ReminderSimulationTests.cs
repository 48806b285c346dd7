namespace Aedile.Tests.Simulation.Fleet;

/// <summary>Goal: whatever dies, hangs or is cut, what was asked to ring rings, and nothing else does.</summary>
public sealed class ReminderSimulationTests(ITestOutputHelper output)
{
    private const int Usual = 40;

    [Fact]
    public void Alarms_ring_when_the_fleet_is_whole_again()
    {
        var (done, failure) = SeedPool.Run(
            SeedPool.Count(Usual), nameof(ReminderSimulationTests),
            static (seed, keep) => new ReminderRun(seed, FleetSabotage.None, keep).Execute());
        if (failure is not null) Assert.Fail(failure);
        output.WriteLine(done.ToString());
    }

    [Fact]
    public void Reminders_that_are_not_stored_are_found()
    {
        for (var seed = 1UL; seed <= Usual; seed++)
        {
            if (new ReminderRun(seed, new LostReminders(), isTraceKept: false).Execute().Violation is not { } found)
                continue;
            output.WriteLine($"found with seed {seed}: {found}");
            Assert.Contains(" rang ", found, StringComparison.Ordinal);
            return;
        }

        Assert.Fail($"{Usual} seeds did not notice it");
    }
}

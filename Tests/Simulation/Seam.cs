namespace Aedile.Tests.Simulation;

/// <summary>
/// The border of one process: whatever it does to the outside passes here, takes time here, and may be interrupted
/// here for ever, just before or just after it happened.
/// </summary>
internal sealed class Seam(SimulatedScheduler scheduler, SimulatedProcess process, Faults faults, Chance chance)
{
    /// <summary>Whose border it is.</summary>
    public SimulatedProcess Process => process;

    /// <summary>Before the act. Never returns when the process dies here.</summary>
    public Task Enter(string what, string detail = "") => Pass(what, detail, chance.OneIn(3), 300);

    /// <summary>Before a flush, which takes longer.</summary>
    public Task EnterFlush(string what, string detail) => Pass(what, detail, !chance.OneIn(4), 4000);

    /// <summary>After the act. Never returns when the process dies here.</summary>
    public async Task Leave(string what)
    {
        faults.Reached(process, what);
        if (!process.IsAlive) await SimulatedProcess.Never<bool>();
        if (chance.OneIn(8)) await process.Time.Wait(chance.Between(TimeSpan.Zero, TimeSpan.FromMicroseconds(500)));
    }

    private async Task Pass(string what, string detail, bool takesTime, int microsecondsMost)
    {
        scheduler.AssertInside($"{process.Name}: {what}");
        if (process.IsAlive && takesTime) await process.Time.Wait(Duration(microsecondsMost));
        faults.Reached(process, what);
        if (!process.IsAlive) await SimulatedProcess.Never<bool>();
        scheduler.Trace.Add(process.Name, what, detail);
    }

    private TimeSpan Duration(int microsecondsMost)
    {
        var most = TimeSpan.FromMicroseconds(microsecondsMost);
        // A few operations wait behind everybody else's.
        return chance.Between(TimeSpan.Zero, chance.OneIn(100) ? most * 50 : most);
    }
}

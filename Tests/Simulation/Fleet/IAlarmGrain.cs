namespace Aedile.Tests.Simulation.Fleet;

/// <summary>A grain with one reminder.</summary>
[Alias("aedile.tests.IAlarmGrain")]
public interface IAlarmGrain : IGrainWithStringKey
{
    /// <summary>Registers it, or changes its period.</summary>
    [Alias("Set")]
    Task Set(TimeSpan period);

    /// <summary>Takes it back; nothing happens when there is none.</summary>
    [Alias("Unset")]
    Task Unset();
}

/// <summary>Notes its ticks in the <see cref="TickLedger"/>.</summary>
public sealed class AlarmGrain(TickLedger ledger) : Grain, IAlarmGrain, IRemindable
{
    private const string Name = "ring";

    public Task Set(TimeSpan period) => this.RegisterOrUpdateReminder(Name, period, period);

    public async Task Unset()
    {
        if (await this.GetReminder(Name) is { } reminder) await this.UnregisterReminder(reminder);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        ledger.Ticked(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }
}

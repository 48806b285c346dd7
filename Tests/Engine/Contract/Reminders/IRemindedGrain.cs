using System.Collections.Immutable;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>A grain whose reminders a test sets; it notes its ticks in the <see cref="TickBook"/>.</summary>
[Alias("test-reminded")]
public interface IRemindedGrain : IGrainWithStringKey
{
    Task Remind(string name, TimeSpan due, TimeSpan period);

    /// <summary>Reads the reminder and deletes it.</summary>
    Task Forget(string name);

    /// <summary>Deletes it as it was when this activation registered it, which may be long ago.</summary>
    Task ForgetRegistered(string name);

    Task<ImmutableArray<string>> Names();

    /// <returns>How often the grain was activated.</returns>
    Task<int> Instance();
}

public sealed class RemindedGrain(TickBook book, Stage stage) : Grain, IRemindedGrain, IRemindable
{
    private readonly Dictionary<string, IGrainReminder> _registered = [];
    private int _instance;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _instance = stage.Enter(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task Remind(string name, TimeSpan due, TimeSpan period) =>
        _registered[name] = await this.RegisterOrUpdateReminder(name, due, period);

    public async Task Forget(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task ForgetRegistered(string name) => this.UnregisterReminder(_registered[name]);

    public async Task<ImmutableArray<string>> Names() =>
        [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public Task<int> Instance() => Task.FromResult(_instance);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        book.Note($"{this.GetPrimaryKeyString()} {reminderName} {status.CurrentTickTime:HH:mm:ss}");
        if (reminderName.StartsWith("slow", StringComparison.Ordinal)) await stage.Pass(reminderName);
        if (reminderName.StartsWith("bad", StringComparison.Ordinal)) throw new InvalidOperationException("Bad tick.");
    }
}

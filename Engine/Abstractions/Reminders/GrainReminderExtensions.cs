using Aedile.Engine.Activations;
using Aedile.Engine.Reminders;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What a grain may ask of its reminders. Unlike timers they outlive the activation and the silo.</summary>
public static class GrainReminderExtensions
{
    /// <inheritdoc cref="RegisterOrUpdateReminder(IGrainBase, string, TimeSpan, TimeSpan)"/>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(
        this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        RegisterOrUpdateReminder((IGrainBase)grain, reminderName, dueTime, period);

    /// <summary>Stores a reminder, in place of one of that name; it is durable and in force on return.</summary>
    /// <param name="grain">The calling grain; it must be an <see cref="IRemindable"/>.</param>
    /// <param name="reminderName">At most 150 characters.</param>
    /// <param name="dueTime">From now to the first tick, in whole milliseconds.</param>
    /// <param name="period">Between two ticks, in whole milliseconds.</param>
    /// <exception cref="ArgumentException">The name is empty or too long, a time is negative or infinite, or the period
    /// is below <see cref="Hosting.ReminderOptions.MinimumReminderPeriod"/>.</exception>
    /// <exception cref="InvalidOperationException">The grain is not remindable, or the silo keeps no
    /// reminders.</exception>
    /// <exception cref="OrleansException">The database failed; whether the reminder is stored is unknown.</exception>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(
        this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        var registry = RegistryOf(grain);
        if (grain is not IRemindable)
        {
            throw new InvalidOperationException(
                $"{grain.GrainContext.GrainId} has no {nameof(IRemindable.ReceiveReminder)}: its class must "
                + $"implement {nameof(IRemindable)}.");
        }

        return registry.Register(grain.GrainContext.GrainId, reminderName, dueTime, period);
    }

    /// <inheritdoc cref="UnregisterReminder(IGrainBase, IGrainReminder)"/>
    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) =>
        UnregisterReminder((IGrainBase)grain, reminder);

    /// <summary>Deletes a reminder; no further tick is sent after the return. Idempotent.</summary>
    /// <param name="grain">The calling grain.</param>
    /// <param name="reminder">As it was registered or read.</param>
    /// <exception cref="ReminderException">It was registered anew since it was read, so it stays.</exception>
    /// <exception cref="OrleansException">The database failed; whether the reminder is deleted is unknown.</exception>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
        RegistryOf(grain).Unregister(reminder);

    /// <inheritdoc cref="GetReminder(IGrainBase, string)"/>
    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) =>
        GetReminder((IGrainBase)grain, reminderName);

    /// <summary>Reads a reminder of the grain from the database.</summary>
    /// <returns>Null when there is none of that name.</returns>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
        RegistryOf(grain).Get(grain.GrainContext.GrainId, reminderName);

    /// <inheritdoc cref="GetReminders(IGrainBase)"/>
    public static Task<List<IGrainReminder>> GetReminders(this Grain grain) => GetReminders((IGrainBase)grain);

    /// <summary>Reads all reminders of the grain from the database, by name.</summary>
    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) =>
        RegistryOf(grain).GetAll(grain.GrainContext.GrainId);

    private static ReminderRegistry RegistryOf(IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        var activation = grain.GrainContext as Activation
            ?? throw new InvalidOperationException("Reminders need a grain context made by a silo.");

        // Of the silo, not of the activation: the latter would make a service scope for each grain that asks.
        return activation.Silo.Services.GetService<ReminderRegistry>() ?? throw new InvalidOperationException(
            "The silo keeps no reminders: call UseAdoNetReminderService or UseInMemoryReminderService where it is "
            + "built.");
    }
}

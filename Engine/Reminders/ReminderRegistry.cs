using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>What grains of this silo ask of their reminders: first the table, then the silo that serves them.</summary>
internal sealed class ReminderRegistry(
    IReminderStore store, ReminderService service, IOptions<ReminderOptions> options)
{
    public async Task<IGrainReminder> Register(GrainId grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        var asked = ReminderRules.Check(
            grain, reminderName, dueTime, period, options.Value.MinimumReminderPeriod, service.Clock.GetUtcNow());
        try
        {
            var stored = await store.Put(asked);
            await service.Changed(stored.Id, stored);
            return stored;
        }
        catch (OrleansException)
        {
            // It may be stored all the same; whoever serves it should find out.
            service.ReadSoon();
            throw;
        }
    }

    public async Task Unregister(IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        if (reminder is not Reminder read)
            throw new ArgumentException("It was not made by this silo: register or read it.", nameof(reminder));
        try
        {
            if (!await store.TryRemove(read.Id, read.Version) && await store.Read(read.Id) is not null)
                throw new ReminderException($"{read.Id} was registered anew since it was read, so it stays.");
        }
        catch (OrleansException)
        {
            service.ReadSoon();
            throw;
        }

        await service.Changed(read.Id, null);
    }

    public async Task<IGrainReminder?> Get(GrainId grain, string reminderName)
    {
        ReminderRules.CheckName(reminderName);
        return await store.Read(new(grain, reminderName));
    }

    public async Task<List<IGrainReminder>> GetAll(GrainId grain) => [.. await store.ReadGrain(grain)];
}

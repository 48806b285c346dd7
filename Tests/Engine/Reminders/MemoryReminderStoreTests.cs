namespace Aedile.Tests.Engine.Reminders;

public sealed class MemoryReminderStoreTests : ReminderStoreSuite
{
    protected override void Configure(ISiloBuilder silo) => silo.UseInMemoryReminderService();
}

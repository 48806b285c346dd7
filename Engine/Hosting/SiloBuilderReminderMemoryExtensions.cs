using Aedile.Engine.Reminders;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>Keeps reminders in memory, for tests.</summary>
public static class SiloBuilderReminderMemoryExtensions
{
    /// <summary>The reminders are this silo's own and gone with it; a fleet needs a database.</summary>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddReminders();
        builder.Services.AddSingleton<IReminderStore, MemoryReminderStore>();
        return builder;
    }
}

using Aedile.Engine.Reminders;
using Aedile.Engine.Runtime;
using Aedile.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Lets a silo keep and serve reminders.</summary>
public static class SiloBuilderReminderExtensions
{
    /// <summary>Adds the service without a table; the silo doesn't start until one of the others adds it.</summary>
    public static ISiloBuilder AddReminders(this ISiloBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddReminders();
        return builder;
    }

    /// <inheritdoc cref="AddReminders(ISiloBuilder)"/>
    public static void AddReminders(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ReminderService))) return;
        services.AddSingleton<ReminderService>();
        services.AddSingleton<ReminderRegistry>();
        services.AddSingleton<ISiloPart>(static provider => provider.GetRequiredService<ReminderService>());
        services.AddOptions<ReminderOptions>()
            .Validate(
                options => options.MinimumReminderPeriod >= TimeSpan.FromMilliseconds(1)
                    && options.RefreshReminderListPeriod >= TimeSpan.FromMilliseconds(1),
                "ReminderOptions: periods are at least 1 ms.");
    }

    /// <summary>
    /// Keeps reminders in <c>OrleansRemindersTable</c> of a database, which is created when the silo starts.
    /// </summary>
    public static ISiloBuilder UseAdoNetReminderService(
        this ISiloBuilder builder, Action<AdoNetReminderTableOptions> configureOptions) =>
        builder.UseAdoNetReminderService(options => options.Configure(configureOptions));

    /// <inheritdoc cref="UseAdoNetReminderService(ISiloBuilder, Action{AdoNetReminderTableOptions})"/>
    public static ISiloBuilder UseAdoNetReminderService(
        this ISiloBuilder builder, Action<OptionsBuilder<AdoNetReminderTableOptions>> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.UseAdoNetReminderService(configureOptions);
        return builder;
    }

    /// <inheritdoc cref="UseAdoNetReminderService(ISiloBuilder, Action{AdoNetReminderTableOptions})"/>
    public static IServiceCollection UseAdoNetReminderService(
        this IServiceCollection services, Action<OptionsBuilder<AdoNetReminderTableOptions>> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(configureOptions);
        services.AddReminders();
        configureOptions(services.AddOptions<AdoNetReminderTableOptions>());
        services.TryAddSingleton<AdoNetReminderStore>();
        services.AddSingleton<IStorageSetup>(static provider => provider.GetRequiredService<AdoNetReminderStore>());
        services.AddSingleton<IReminderStore>(static provider => provider.GetRequiredService<AdoNetReminderStore>());
        return services;
    }
}

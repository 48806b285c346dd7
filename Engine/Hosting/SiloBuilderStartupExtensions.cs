using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>Lets a silo do things when it has started, one after the other in the order of their stages.</summary>
/// <remarks>Grains can be called: the silo serves calls already. Each silo of a fleet does them for itself.</remarks>
public static class SiloBuilderStartupExtensions
{
    /// <summary>Adds a task of a registered type, or of one that is made from the silo's services.</summary>
    public static ISiloBuilder AddStartupTask<TStartup>(
        this ISiloBuilder builder, int stage = ServiceLifecycleStage.Active)
        where TStartup : class, IStartupTask =>
        builder.AddStartupTask(
            static (services, cancellation) =>
                ActivatorUtilities.GetServiceOrCreateInstance<TStartup>(services).Execute(cancellation),
            stage);

    /// <inheritdoc cref="IStartupTask.Execute"/>
    public static ISiloBuilder AddStartupTask(
        this ISiloBuilder builder, IStartupTask startupTask, int stage = ServiceLifecycleStage.Active)
    {
        ArgumentNullException.ThrowIfNull(startupTask);
        return builder.AddStartupTask((_, cancellation) => startupTask.Execute(cancellation), stage);
    }

    /// <inheritdoc cref="IStartupTask.Execute"/>
    public static ISiloBuilder AddStartupTask(
        this ISiloBuilder builder, Func<IServiceProvider, CancellationToken, Task> startupTask,
        int stage = ServiceLifecycleStage.Active)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(startupTask);
        builder.Services.AddSingleton<ISiloPart>(services => new StartupTask(services, startupTask, stage));
        return builder;
    }
}

using Aedile.Engine.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Hosting;

namespace Aedile.Engine.Hosting;

/// <summary>A silo without the generic host: it makes no thread and no task of its own before it is started.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Silo _silo;

    private SiloHost(ServiceProvider services)
    {
        _services = services;
        _silo = services.GetRequiredService<Silo>();
    }

    public IGrainFactory Grains => _silo.GrainFactory;

    public IServiceProvider Services => _services;

    /// <summary>How many activations there are.</summary>
    public int Activations => _silo.Catalog.Count;

    /// <summary>How many calls wait for their answers.</summary>
    public int CallsWaiting => _silo.Deadlines.Count;

    public static SiloHost Build(SiloSeams seams, Action<ISiloBuilder> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton(seams);
        if (seams.Clock is { } clock) services.AddSingleton(clock);
        SiloServices.Add(services);
        configure(new SiloBuilder(services, new ConfigurationBuilder().Build()));
        return new SiloHost(services.BuildServiceProvider());
    }

    public Task Start(CancellationToken cancellationToken) => _silo.Start(cancellationToken);

    public Task Stop(CancellationToken cancellationToken) => _silo.Stop(cancellationToken);

    /// <inheritdoc cref="Silo.Crash"/>
    public void Crash() => _silo.Crash();

    /// <summary>Releases the services. A silo that runs should be stopped or crashed first.</summary>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

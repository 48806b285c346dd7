using Aedile.Engine.Activations;
using Aedile.Engine.Filters;
using Aedile.Engine.Invocation;
using Aedile.Engine.Storage;
using Aedile.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>One silo: its grain classes, activations and calls.</summary>
internal sealed class Silo : ICallHost, IDisposable
{
    private readonly Lazy<GrainManifest> _manifest;
    private readonly Lazy<OutgoingFilters?> _filters;
    private readonly Lazy<IReadOnlyList<System.Reflection.Assembly>> _parts;
    private readonly ITimer _collector;
    private SiloParts? _services;
    private long _reentrancyIds;
    private volatile bool _hasCrashed;

    public Silo(IServiceProvider services, SiloSeams seams)
    {
        Services = services;
        Seams = seams;
        Clock = seams.Clock ?? services.GetService<TimeProvider>() ?? TimeProvider.System;
        Runner = WorkRunner.On(seams.Scheduler);
        Log = services.GetRequiredService<ILogger<Silo>>();
        Collection = services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        Messaging = services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;
        Catalog = new Catalog(this);
        Deadlines = new Deadlines(Clock, stripes: seams.Scheduler == TaskScheduler.Default ? 16 : 1);
        Transport = seams.Transport(this);
        Sender = new CallSender(Clock, Deadlines, Transport);
        GrainFactory = new GrainFactory(this);
        _parts = new(() => seams.Parts ?? ApplicationParts.Find());
        _manifest = new Lazy<GrainManifest>(() => ManifestOf(this));
        _filters = new Lazy<OutgoingFilters?>(() => OutgoingFilters.Of(Services, Log));
        _collector = Clock.CreateTimer(
            static self => ((Silo)self!).Catalog.CollectIdle(), this,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public IServiceProvider Services { get; }

    public SiloSeams Seams { get; }

    public TimeProvider Clock { get; }

    public WorkRunner Runner { get; }

    public ILogger<Silo> Log { get; }

    public GrainCollectionOptions Collection { get; }

    public SiloMessagingOptions Messaging { get; }

    public Catalog Catalog { get; }

    public ITransport Transport { get; }

    public Deadlines Deadlines { get; }

    public CallSender Sender { get; }

    public GrainFactory GrainFactory { get; }

    public GrainManifest Manifest => _manifest.Value;

    public OutgoingFilters? OutgoingFilters => _filters.Value;

    public ProxyCompiler Proxies => Seams.Proxies;

    public IGrainTypes Types => Manifest;

    public TimeSpan ResponseTimeout => Messaging.ResponseTimeout;

    /// <summary>The assemblies that may hold contracts and grains.</summary>
    public IReadOnlyList<System.Reflection.Assembly> Parts => _parts.Value;

    public bool HasCrashed => _hasCrashed;

    /// <summary>Checks the contracts, makes the storages ready, and takes calls from then on.</summary>
    /// <exception cref="InvalidOperationException">A contract or grain class can't be hosted; the text says
    /// why.</exception>
    public async Task Start(CancellationToken cancellationToken)
    {
        _services = new SiloParts(Services.GetServices<ISiloPart>(), Log);
        ContractRules.Check(Manifest.Contracts, ConvertersOf(Parts));
        StateFactory.CheckNames(Manifest.Classes);
        foreach (var storage in Services.GetServices<IStorageSetup>()) await storage.Prepare(cancellationToken);
        Catalog.Open();
        _collector.Change(Collection.CollectionQuantum, Collection.CollectionQuantum);
        Log.SiloStarted(Manifest.ClassCount);
        try
        {
            await _services.Start(cancellationToken);
        }
        catch
        {
            await Stop(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Deactivates every grain, and refuses calls from then on.</summary>
    /// <param name="cancellationToken">Hurries the deactivations; it does not skip them.</param>
    public async Task Stop(CancellationToken cancellationToken)
    {
        if (_services is { } services) await services.Stop(cancellationToken);
        _collector.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await Catalog.Close(cancellationToken);
        Log.SiloStopped();
    }

    /// <summary>Ends at once, like a machine that loses power: no turn runs any more, nothing is deactivated.</summary>
    public void Crash()
    {
        _hasCrashed = true;
        Catalog.Drop();
        Deadlines.FailAll(call => new SiloUnavailableException(
            $"The silo crashed during {call}. Whether the call took effect is unknown."));
        Dispose();
    }

    public void Dispose()
    {
        _collector.Dispose();
        Deadlines.Dispose();
    }

    public long TimestampsOf(TimeSpan span) => (long)(span.TotalSeconds * Clock.TimestampFrequency);

    public Guid NewReentrancyId()
    {
        Span<byte> id = stackalloc byte[16];
        BitConverter.TryWriteBytes(id, Seams.Generation);
        BitConverter.TryWriteBytes(id[8..], Interlocked.Increment(ref _reentrancyIds));
        return new Guid(id);
    }

    /// <summary>Reports a bug of the engine itself: grains' errors never come here.</summary>
    public void Report(Exception bug, GrainId grain) => Log.TurnFailed(bug, grain);

    private static GrainManifest ManifestOf(Silo silo)
    {
        var classes = new GrainClasses(
            silo.Clock, silo.Collection, new StateFactory(silo.Services),
            [.. silo.Services.GetServices<IIncomingGrainCallFilter>()]);
        return new GrainManifest(
            ApplicationParts.TypesOf(silo.Parts).Where(GrainManifest.IsGrainClass).Select(classes.Describe));
    }

    private static HashSet<Type> ConvertersOf(IEnumerable<System.Reflection.Assembly> parts) =>
        Serialization.Converters.ValueTypesIn(ApplicationParts.TypesOf(parts));
}

using Aedile.Engine.Activations;
using Aedile.Engine.Filters;
using Aedile.Engine.Invocation;
using Aedile.Engine.Management;
using Aedile.Engine.Membership;
using Aedile.Engine.Observers;
using Aedile.Engine.Placement;
using Aedile.Engine.Storage;
using Aedile.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>One silo: its grain classes, activations and calls.</summary>
internal sealed class Silo : ICallHost, IDisposable
{
    // Of sysexits.h, "temporary failure": whoever supervises the process should start it again.
    private const int ExitCodeOfTheDead = 75;

    // Over a century of nanoseconds.
    private const long TimestampsMax = long.MaxValue / 2;

    private readonly Lazy<GrainManifest> _manifest;
    private readonly Lazy<OutgoingFilters?> _filters;
    private readonly Lazy<IReadOnlyList<System.Reflection.Assembly>> _parts;
    private readonly Lazy<IReadOnlySet<Type>> _converted;
    private readonly ITimer _collector;
    private SiloParts? _services;
    private ILocalSiloDetails? _details;
    private IManagementGrain? _management;
    private long _ids;
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
        GrainFactory = new GrainFactory(this);
        Observers = new ObserverRegistry(this, Runner, Clock, Log);
        ObserverTransport = new ObserverTransport(Observers);
        Fleet = services.GetService<IMembershipStore>() is { } membership ? new SiloFleet(this, membership) : null;
        Transport = Fleet?.Transport ?? seams.Transport(this);
        Sender = new CallSender(Clock, Deadlines, Transport);
        ObserverTransport.Grains = Transport;
        ObserverSender = new CallSender(Clock, Deadlines, ObserverTransport);
        _parts = new(() => seams.Parts ?? ApplicationParts.Find());
        _converted = new(() => ApplicationParts.ConvertedTypesOf(Parts));
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

    public ILogger Log { get; }

    public GrainCollectionOptions Collection { get; }

    public SiloMessagingOptions Messaging { get; }

    public Catalog Catalog { get; }

    public ITransport Transport { get; }

    public Deadlines Deadlines { get; }

    public CallSender Sender { get; }

    public CallSender ObserverSender { get; }

    public ObserverTransport ObserverTransport { get; }

    public ObserverRegistry Observers { get; }

    public GrainFactory GrainFactory { get; }

    public IReadOnlySet<Type> ConvertedTypes => _converted.Value;

    public GrainManifest Manifest => _manifest.Value;

    public OutgoingFilters? OutgoingFilters => _filters.Value;

    public ProxyCompiler Proxies => Seams.Proxies;

    public IGrainTypes Types => Manifest;

    public TimeSpan ResponseTimeout => Messaging.ResponseTimeout;

    /// <summary>The assemblies that may hold contracts and grains.</summary>
    public IReadOnlyList<System.Reflection.Assembly> Parts => _parts.Value;

    /// <summary>The silo's part in a fleet; null: it is alone.</summary>
    public SiloFleet? Fleet { get; }

    /// <summary>Where grains live; null: all of them here.</summary>
    public IRouter? Router => Fleet?.Router;

    public IManagementGrain Management =>
        _management ?? throw new InvalidOperationException("The silo has not started.");

    /// <summary>Who the silo is, once it has started.</summary>
    public ILocalSiloDetails Details =>
        _details ?? throw new InvalidOperationException("The silo has not started: it has no address yet.");

    public bool HasCrashed => _hasCrashed;

    /// <summary>Checks the contracts, makes the storages ready, and takes calls from then on.</summary>
    /// <exception cref="InvalidOperationException">A contract or grain class can't be hosted; the text says
    /// why.</exception>
    public async Task Start(CancellationToken cancellationToken)
    {
        _services = new SiloParts(Services.GetServices<ISiloPart>(), Log);
        ContractRules.Check(Manifest.Contracts, ConvertedTypes);
        StateFactory.CheckNames(Manifest.Classes);
        foreach (var storage in Services.GetServices<IStorageSetup>()) await storage.Prepare(cancellationToken);
        await Join(cancellationToken);
        Catalog.Open();
        if (Fleet is not null) await Fleet.Activate(cancellationToken);
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
        if (HasCrashed) return;
        _collector.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // First the others know and take over, so that what arrives meanwhile is passed on to them.
        if (Fleet is not null) await Fleet.HandOver(cancellationToken);
        await Catalog.Close(cancellationToken);
        if (Fleet is not null) await Fleet.Leave(cancellationToken);
        Log.SiloStopped();
    }

    /// <summary>Ends at once, like a machine that loses power: no turn runs any more, nothing is deactivated.</summary>
    public void Crash()
    {
        _hasCrashed = true;
        Fleet?.Crash();
        Catalog.Drop();
        Deadlines.FailAll(call => new SiloUnavailableException(
            $"The silo crashed during {call}. Whether the call took effect is unknown."));
        Dispose();
    }

    /// <summary>The others declared this silo dead: it ends at once, and its process with it.</summary>
    public void MustEnd(string reason)
    {
        Crash();
        if (Seams.MustEnd is { } told)
        {
            told(reason);
            return;
        }

        Environment.ExitCode = ExitCodeOfTheDead;
        Services.GetService<IHostApplicationLifetime>()?.StopApplication();
    }

    public void Dispose()
    {
        Fleet?.Dispose();
        _collector.Dispose();
        Deadlines.Dispose();
    }

    /// <summary>How many of the clock's timestamps a span is; so that a sum with one of now is one too.</summary>
    public long TimestampsOf(TimeSpan span) =>
        (long)Math.Clamp(span.TotalSeconds * Clock.TimestampFrequency, -TimestampsMax, TimestampsMax);

    public Guid NewId()
    {
        Span<byte> id = stackalloc byte[16];
        var start = Fleet?.Agent is { } agent
            ? ((long)agent.Self.GetConsistentHashCode() << 32) | (uint)agent.Self.Generation
            : Seams.Generation;
        BitConverter.TryWriteBytes(id, start);
        BitConverter.TryWriteBytes(id[8..], Interlocked.Increment(ref _ids));
        return new Guid(id);
    }

    /// <summary>Reports a bug of the engine itself: grains' errors never come here.</summary>
    public void Report(Exception bug, GrainId grain) => Log.TurnFailed(bug, grain);

    private async Task Join(CancellationToken cancellationToken)
    {
        var figures = new SiloFigures(Catalog);
        var identity = Fleet is null
            ? SiloFleet.IdentityOf(Services, isAlone: true)
            : await Fleet.Join(figures, cancellationToken);
        var self = Fleet?.Agent?.Self ?? SiloAddress.New(identity.Endpoint, 1);
        _details = new LocalSiloDetails(identity, self);
        Observers.BelongTo(ObserverId.ProcessOf(self), null);
        var oracle = Services.GetRequiredService<StatusOracle>();
        if (Fleet is { Agent: { } agent }) oracle.Show(_details, agent.Table);
        else oracle.ShowAlone(_details, Clock);
        _management = new ManagementGrain(
            figures, () => oracle.View, self, Fleet?.LateMessenger, Router);
    }

    private static GrainManifest ManifestOf(Silo silo)
    {
        var classes = new GrainClasses(
            silo.Clock, silo.Collection, new StateFactory(silo.Services),
            [.. silo.Services.GetServices<IIncomingGrainCallFilter>()]);
        return new GrainManifest(ApplicationParts.GrainClassesOf(silo.Parts).Select(classes.Describe));
    }
}

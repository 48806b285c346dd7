using System.Globalization;
using System.Text;
using Aedile.Engine.Filters;
using Aedile.Engine.Identity;
using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Observers;
using Aedile.Engine.Runtime;
using Aedile.Engine.Serialization;
using Aedile.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Aedile.Engine.Client;

/// <summary>A process that calls grains of a fleet without hosting any.</summary>
internal sealed class ClusterClient : ICallHost, ILinkOwner, IDisposable
{
    private readonly ClientSeams _seams;
    private readonly ClientMessagingOptions _messaging;
    private readonly TimeProvider _clock;
    private readonly ILogger<ClusterClient> _log;
    private readonly Lazy<CallWire> _wire;
    private readonly Lazy<OutgoingFilters?> _filters;
    private readonly LinkQuestions _questions;
    private readonly GatewayLinks _gateways;
    private readonly ClientTransport _transport;
    private readonly ClientTransport _observersElsewhere;
    private readonly Lazy<IReadOnlySet<Type>> _converted;
    private readonly string _id;
    private IGrainTypes? _types;
    private long _ids;

    public ClusterClient(IServiceProvider services, ClientSeams seams, INetwork network, IGatewayList list)
    {
        Services = services;
        _seams = seams;
        _clock = seams.Clock ?? services.GetService<TimeProvider>() ?? TimeProvider.System;
        _log = services.GetRequiredService<ILogger<ClusterClient>>();
        _messaging = services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value;
        _id = seams.Id ?? string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.MachineName}-{Environment.ProcessId}-{_clock.GetUtcNow().UtcTicks:x}");
        _converted = new(() => ApplicationParts.ConvertedTypesOf(seams.Parts ?? ApplicationParts.Find()));
        _wire = new Lazy<CallWire>(MakeWire);
        _filters = new Lazy<OutgoingFilters?>(() => OutgoingFilters.Of(Services, _log));
        _questions = new LinkQuestions(_wire, _clock);
        var cluster = services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        var dialler = new GatewayDialler(network, this, _id, cluster.ClusterId, cluster.ServiceId, _clock, _log);
        var refresh = services.GetRequiredService<IOptions<GatewayOptions>>().Value.GatewayListRefreshPeriod;
        _gateways = new GatewayLinks(dialler, _questions, list, _clock, _log, _id, refresh);
        var runner = WorkRunner.On(seams.Scheduler);
        Management = new ClientManagement(_gateways, _questions, _clock);
        _transport = new ClientTransport(_gateways, runner, _clock, FrameKind.Request, _log);
        _observersElsewhere = new ClientTransport(_gateways, runner, _clock, FrameKind.Notice, _log);
        Deadlines = new Deadlines(_clock, stripes: seams.Scheduler == TaskScheduler.Default ? 16 : 1);
        Sender = new CallSender(_clock, Deadlines, _transport);
        GrainFactory = new GrainFactory(this);
        Observers = new ObserverRegistry(this, runner, _clock, _log);
        Observers.BelongTo(_id, _wire);
        var observers = new ObserverTransport(Observers) { Grains = _transport };
        observers.Use(_observersElsewhere);
        ObserverSender = new CallSender(_clock, Deadlines, observers);
    }

    public IServiceProvider Services { get; }

    public GrainFactory GrainFactory { get; }

    /// <inheritdoc/>
    public IManagementGrain Management { get; }

    public Deadlines Deadlines { get; }

    public CallSender Sender { get; }

    public ILogger Log => _log;

    public CallSender ObserverSender { get; }

    public ObserverRegistry Observers { get; }

    public IReadOnlySet<Type> ConvertedTypes => _converted.Value;

    public ProxyCompiler Proxies => _seams.Proxies;

    public OutgoingFilters? OutgoingFilters => _filters.Value;

    public TimeSpan ResponseTimeout => _messaging.ResponseTimeout;

    /// <exception cref="InvalidOperationException">The client has not started.</exception>
    public IGrainTypes Types => _types ?? throw new InvalidOperationException(
        "The client has not started, so it doesn't know the fleet's grain classes yet: start its host first.");

    public CallWire Wire => _wire.Value;

    public long ViewVersion => 0;

    /// <summary>Links with gateways; they come back by themselves from then on.</summary>
    /// <exception cref="SiloUnavailableException">No gateway could be reached within the limit; the text says
    /// why.</exception>
    public async Task Start(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_seams.StartLimit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await _gateways.Start(either.Token);
        while (_types is null)
        {
            var open = _gateways.Open;
            try
            {
                if (open.IsEmpty) await _gateways.WhenChanged(open).WaitAsync(either.Token);
                else _types = new RemoteGrainTypes(await _questions.Ask<ClassesQuestion, ClassesReply>(
                    open[0], new ClassesQuestion(), _seams.StartLimit, either.Token));
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                _gateways.Dispose();
                throw new SiloUnavailableException(
                    $"No gateway could be reached within {_seams.StartLimit.TotalSeconds} s. The last one: "
                    + _gateways.LastFailure);
            }
            catch (SiloUnavailableException)
            {
                // That gateway has just gone; the next one is asked.
            }
        }

        _log.ClientStarted(_id);
    }

    /// <summary>Waits for the answers of calls in flight, as long as allowed, and ends the links.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        await _gateways.Stop(cancellation);
        _log.ClientStopped(_id);
    }

    public Guid NewId()
    {
        Span<byte> id = stackalloc byte[16];
        var name = Encoding.UTF8.GetBytes(_id);
        BitConverter.TryWriteBytes(id, ((long)StableHash.Of(name) << 32) | StableHash.Of([.. name, 0]));
        BitConverter.TryWriteBytes(id[8..], Interlocked.Increment(ref _ids));
        return new Guid(id);
    }

    public void Serve(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame) =>
        link.SendAnswer(header.Number, AnswerStatus.Refused, "A client hosts no grains.");

    public void Notify(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame) =>
        Observers.Serve(link, header, frame);

    public void Reply(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame) =>
        _questions.Reply(link, header, frame);

    public void Retry(Call call, string reason) =>
        (ObserverId.IsOne(call.Target) ? _observersElsewhere : _transport).Retry(call, reason);

    public void Left(PeerLink link, Exception? reason) => _gateways.Left(link);

    public void Dispose()
    {
        _gateways.Dispose();
        Deadlines.Dispose();
    }

    private CallWire MakeWire() => new(
        _seams.Codecs ?? SiloLinks.CodecsOf(_seams.Parts ?? ApplicationParts.Find()),
        new WireLimits(_messaging.MaxMessageBodySize, WireLimits.Default.Depth), GrainFactory);
}

using Aedile.Engine.Invocation;
using Aedile.Engine.Management;
using Aedile.Engine.Observers;
using Aedile.Engine.Placement;
using Aedile.Engine.Runtime;
using Aedile.Engine.Serialization;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>All that a silo has to do with other processes: links, questions, and calls in both directions.</summary>
/// <remarks>
/// Questions work from the beginning, because the router itself asks them; calls only after <see cref="Use"/>.
/// </remarks>
internal sealed class SiloLinks : ILinkOwner
{
    private readonly Silo _silo;
    private readonly Lazy<CallWire> _wire;
    private readonly LinkQuestions _questions;
    private readonly SiloMessenger _messenger;
    private readonly LinkPulse _pulse;
    private IRouter? _router;
    private RequestDesk? _desk;
    private ObserverDesk? _observers;
    private ClusterTransport? _transport;

    public SiloLinks(Silo silo, Switchboard.Identity self, INetwork network, ILogger log)
    {
        _silo = silo;
        _wire = new Lazy<CallWire>(MakeWire);
        Switchboard = new Switchboard(network, this, self, silo.Clock, log);
        _questions = new LinkQuestions(_wire, silo.Clock);
        _pulse = new LinkPulse(_questions, silo.Clock);
        _pulse.Start();
        _messenger = new SiloMessenger(_questions, Switchboard.Peers, silo.Clock);
        _questions.Answer<ClassesQuestion, ClassesReply>(PeerKind.Client, (_, _) => Task.FromResult(Classes()));
        _questions.Answer<PulseQuestion, PulseReply>(
            PeerKind.Client, (_, _) => Task.FromResult(new PulseReply(ViewVersion)));
        new ManagementDesk(() => silo.Management, silo.GrainFactory).Answer(_questions);
    }

    public Switchboard Switchboard { get; }

    public ISiloMessenger Messenger => _messenger;

    public CallWire Wire => _wire.Value;

    public long ViewVersion => _router?.ViewVersion ?? 0;

    /// <summary>Ends each link from now on that carries nothing any more.</summary>
    public void WatchLinks() => Switchboard.Taken = link => _ = _pulse.Watch(link);

    /// <summary>Makes the transport that asks <paramref name="router"/> where grains live. Once.</summary>
    /// <param name="router">Knows the owners.</param>
    /// <param name="silos">The silos that may have clients; null: only this one.</param>
    public ITransport Use(IRouter router, Func<IEnumerable<SiloAddress>>? silos = null)
    {
        var peers = Switchboard.Peers;
        var route = new RequestRoute(router, peers, _silo.Clock);
        _desk = new RequestDesk(_silo, router, peers, route, _wire, MakeMethods);
        _router = router;
        var locator = new ClientLocator(_messenger, silos ?? (() => []), router.Self, _silo.Clock);
        var observers = new ObserverDesk(
            _silo, router.Self, peers, Switchboard.Clients, locator, _wire, () => ViewVersion);
        new StatusReports(_silo.Deadlines, router, _silo.Clock).Start(Switchboard.Ended);
        _messenger.Answer<ClientQuestion, ClientReply>((_, question, _) => Task.FromResult(observers.Has(question)));
        _silo.Observers.BelongTo(ObserverId.ProcessOf(router.Self), _wire);
        _silo.ObserverTransport.Use(observers);
        _observers = observers;
        return _transport = new ClusterTransport(_silo.Catalog, router, peers, route, _silo.Runner);
    }

    public void Serve(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        if (_desk is { } desk) desk.Serve(link, header, frame);
        else link.SendAnswer(header.Number, AnswerStatus.NotHere, "The silo has not started.");
    }

    public void Notify(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        if (_observers is { } desk) desk.Serve(link, header, frame);
        else link.SendAnswer(header.Number, AnswerStatus.NotHere, "The silo has not started.");
    }

    public void Reply(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame) =>
        _questions.Reply(link, header, frame);

    public void Retry(Call call, string reason)
    {
        if (ObserverId.IsOne(call.Target)) _observers!.Retry(call);
        else _transport!.Retry(call, reason);
    }

    public void Left(PeerLink link, Exception? reason)
    {
        Switchboard.Left(link, reason);
        if (link.HasEnded && link.Peer.Silo is { } silo) _messenger.LinkEnded(silo);
    }

    private ClassesReply Classes() => new(
    [
        .. _silo.Manifest.Classes.OrderBy(hosted => hosted.GrainType).Select(hosted => new HostedClass(
            hosted.GrainType.ToString(), hosted.Type.FullName!,
            [.. GrainManifest.ContractsOf(hosted.Type).Select(ContractMethods.WireNameOf)])),
    ]);

    /// <summary>Makes the codecs of silos that have these parts.</summary>
    /// <param name="parts">Their assemblies.</param>
    /// <param name="withStacks">Whether errors carry their stacks.</param>
    public static Codecs CodecsOf(IEnumerable<System.Reflection.Assembly> parts, bool withStacks = true) =>
        new([.. ApplicationParts.TypesOf(parts.Append(typeof(SiloLinks).Assembly))], withStacks);

    private CallWire MakeWire() => new(
        _silo.Seams.Codecs ?? CodecsOf(_silo.Parts),
        new WireLimits(_silo.Messaging.MaxMessageBodySize, WireLimits.Default.Depth), _silo.GrainFactory);

    private MethodTable MakeMethods() =>
        new(_silo.Manifest.Contracts.SelectMany(_silo.GrainFactory.MethodsOf), _wire.Value.Codecs);
}

using Aedile.Engine.Invocation;
using Aedile.Engine.Placement;
using Aedile.Engine.Runtime;
using Aedile.Engine.Serialization;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Serves the requests that come to a silo from other processes, or passes them on.</summary>
/// <remarks>Nothing here waits and no grain runs here: what arrives behind a request must not wait for it.</remarks>
internal sealed class RequestDesk : IForwardDesk
{
    /// <summary>
    /// How often a request may be passed on. More can only mean that the silos disagree for longer than it takes.
    /// </summary>
    public const int ForwardsMax = 3;

    // Reading the arguments of such a request takes longer than anything behind it on the link should wait.
    private const int LargeFrame = 64 * 1024;

    private readonly Silo _silo;
    private readonly IRouter _router;
    private readonly SiloPeers _peers;
    private readonly RequestRoute _route;
    private readonly Lazy<CallWire> _wire;
    private readonly Lazy<MethodTable> _methods;
    private readonly LifeLimits _limits;

    public RequestDesk(
        Silo silo, IRouter router, SiloPeers peers, RequestRoute route, Lazy<CallWire> wire,
        Func<MethodTable> methods)
    {
        (_silo, _router, _peers, _route, _wire) = (silo, router, peers, route, wire);
        _methods = new Lazy<MethodTable>(methods);
        _limits = new LifeLimits(silo);
    }

    public string Name => $"silo {_router.Self}";

    public long ViewVersion => _router.ViewVersion;

    /// <inheritdoc cref="ILinkOwner.Serve"/>
    public void Serve(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        GrainId target;
        var reader = _wire.Value.Read(frame);
        try
        {
            target = CallWire.ReadGrain(reader);
        }
        catch (WireException error)
        {
            Refuse(link, header, error.Message);
            return;
        }

        // A sender who knows a newer view is right about where the grain lives; this silo will know it in a moment.
        var owner = header.View > _router.ViewVersion ? null : _router.OwnerOf(target);
        if (owner is not null && owner.Equals(_router.Self))
        {
            if (frame.Length < LargeFrame) Accept(link, header, reader, target);
            else
            {
                var large = new ForwardedRequest(this, link, header, frame.Span, target, _silo.Clock);
                _silo.Runner.Run(new Work(large.DeliverHere));
            }
        }
        else if (owner is not null && header.Forwards >= ForwardsMax)
        {
            Refuse(link, header, $"{target} was looked for at {header.Forwards + 1} silos; view {_router.ViewVersion} "
                + $"says that it lives at {owner}. Try again.");
        }
        else
        {
            var request = new ForwardedRequest(this, link, header, frame.Span, target, _silo.Clock);
            if (owner is not null && _peers[owner].Link is { } open && request.TrySend(open)) return;
            _silo.Runner.Run(new Work(() => _ = _route.Go(request)));
        }
    }

    /// <summary>Serves a request of a grain that lives here, from now on as a call of this silo.</summary>
    public void Accept(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame, GrainId target)
    {
        var reader = _wire.Value.Read(frame);
        reader.Texts(2);
        Accept(link, header, reader, target);
    }

    private void Accept(PeerLink link, FrameHeader header, WireReader reader, GrainId target)
    {
        Call call;
        try
        {
            call = _wire.Value.ReadRequest(reader, header, target, _methods.Value, link);
        }
        catch (WireException error)
        {
            Refuse(link, header, error.Message);
            return;
        }

        if (call.Method.Definition.TakesToken) CallCancellation.AttachRemote(call);
        link.AddServed(header.Number, call);
        call.SentAt = _silo.Clock.GetTimestamp();
        if (header.LifeMs != uint.MaxValue) _silo.Deadlines.Add(call, _limits.For(header.LifeMs));
        if (!_silo.Catalog.Hosts(call))
        {
            Refuse(call, $"no grain class of type {target.Type} implements {call.Method.Definition.Contract.Name}.");
            return;
        }

        var ready = _router.WhenMayHost(target, CancellationToken.None);
        if (ready.IsCompletedSuccessfully) _silo.Catalog.Deliver(call);
        else _silo.Runner.Run(new Work(() => _ = _route.Go(new RoutedCall(call, _silo.Catalog))));
    }

    public void Dropped(GrainId target, string reason) => _silo.Log.OneWayCallDropped($"on {target}", reason);

    private static void Refuse(Call call, string reason)
    {
        var origin = call.Origin!;
        call.Lane?.Remove(call);
        if (origin.Link.TakeServed(origin.Request.Number)) Refuse(origin.Link, origin.Request, reason);
    }

    private static void Refuse(PeerLink link, FrameHeader header, string reason)
    {
        if (!header.Flags.HasFlag(FrameFlags.OneWay)) link.SendAnswer(header.Number, AnswerStatus.Refused, reason);
    }

    private sealed class Work(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}

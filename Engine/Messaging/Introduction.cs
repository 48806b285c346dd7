using Aedile.Engine.Serialization;
using Aedile.Engine.Turns;
using Microsoft.Extensions.Logging;

namespace Aedile.Engine.Messaging;

/// <summary>
/// The first moments of a link: each end greets and judges the other one, within a limit of time. From then on
/// everything that arrives goes to a <see cref="PeerLink"/>.
/// </summary>
internal sealed class Introduction : ILinkReceiver
{
    private readonly ILink _link;
    private readonly Func<Greeting, string?> _judge;
    private readonly Func<Greeting, PeerLink> _accept;
    private readonly ILogger _log;
    private readonly TaskCompletionSource<PeerLink> _done = new(Continuations.Elsewhere);
    private readonly ITimer _limit;
    private PeerLink? _peer;
    private int _hasEnded;

    /// <param name="link">The link, not yet started.</param>
    /// <param name="judge">Why a greeting is not welcome; null: it is.</param>
    /// <param name="accept">Takes a link whose other end is known; called before anything else arrives.</param>
    /// <param name="clock">Measures <paramref name="limit"/>.</param>
    /// <param name="limit">How long the other end may take to greet.</param>
    /// <param name="log">Hears of refused links.</param>
    public Introduction(
        ILink link, Func<Greeting, string?> judge, Func<Greeting, PeerLink> accept, TimeProvider clock,
        TimeSpan limit, ILogger log)
    {
        _link = link;
        _judge = judge;
        _accept = accept;
        _log = log;
        _limit = clock.CreateTimer(
            static self => ((Introduction)self!).GiveUp(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The link to a known process.</summary>
    /// <exception cref="GreetingException">As the result: one end refused.</exception>
    /// <exception cref="IOException">As the result: the link broke before.</exception>
    public Task<PeerLink> Done => _done.Task;

    /// <summary>Begins, with this end's greeting if it is the one who dialled.</summary>
    public Task<PeerLink> Begin(Greeting? ours)
    {
        _link.Start(this);
        if (ours is not null) _link.Send(ours.ToFrame().Span);
        return _done.Task;
    }

    public void Received(ReadOnlyMemory<byte> frame)
    {
        if (_peer is null) Greeted(frame);
        else TakeFrame(_peer, frame);
    }

    public void Closed(Exception? reason)
    {
        if (_peer is not null)
        {
            _peer.Closed(reason);
            return;
        }

        if (!TryEnd()) return;
        if (reason is InvalidDataException) _log.LinkRefused(_link.Remote, reason.Message);
        _done.TrySetException(new IOException($"{_link.Remote} hung up before it greeted: {reason?.Message}", reason));
        _ = _done.Task.Exception; // Who accepts a link does not wait for it.
    }

    private void Greeted(ReadOnlyMemory<byte> frame)
    {
        try
        {
            var theirs = Greeting.Parse(frame);
            if (_judge(theirs) is { } reason)
            {
                _link.Send(Greeting.RefusalFrame(reason).Span);
                throw new GreetingException(reason);
            }

            if (!TryEnd()) return;
            _peer = _accept(theirs);
            _done.TrySetResult(_peer);
        }
        catch (GreetingException error)
        {
            TryEnd();
            Refuse(error);
        }
    }

    // One malformed frame ends the link: what follows it can't be trusted to be cut at the right places.
    private void TakeFrame(PeerLink peer, ReadOnlyMemory<byte> frame)
    {
        try
        {
            peer.Received(frame);
        }
        catch (WireException error)
        {
            _log.LinkRefused(_link.Remote, error.Message);
            _link.Close(error);
        }
    }

    private void GiveUp()
    {
        if (TryEnd()) Refuse(new GreetingException("it did not greet in time.") { IsSilence = true });
    }

    private bool TryEnd()
    {
        _limit.Dispose();
        return Interlocked.Exchange(ref _hasEnded, 1) == 0;
    }

    private void Refuse(GreetingException error)
    {
        _log.LinkRefused(_link.Remote, error.Message);
        _done.TrySetException(error);
        _ = _done.Task.Exception; // Who accepts a link does not wait for it.
        _link.Close(error);
    }
}

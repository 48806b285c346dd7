using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Takes and makes the links of one silo, and knows who is at their other ends.</summary>
internal sealed class Switchboard : IDisposable
{
    private static readonly TimeSpan GreetingLimit = TimeSpan.FromSeconds(5);

    // A network that swallows packets answers nothing; the next try, when it has healed, must not wait for this one.
    private static readonly TimeSpan DialLimit = TimeSpan.FromSeconds(2);

    private readonly INetwork _network;
    private readonly ILinkOwner _owner;
    private readonly Identity _self;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly List<(IListener Listener, PeerKind Welcome)> _listeners = [];
    private readonly CancellationTokenSource _stopped = new();

    public Switchboard(INetwork network, ILinkOwner owner, Identity self, TimeProvider clock, ILogger log)
    {
        (_network, _owner, _self, _clock, _log) = (network, owner, self, clock, log);
        Peers = new SiloPeers(self.Silo, Dial);
    }

    public SiloPeers Peers { get; }

    /// <summary>Cancelled when everything has ended.</summary>
    public CancellationToken Ended => _stopped.Token;

    /// <summary>Called with each new link to a silo, inside of its receiver: it must be quick.</summary>
    public Action<PeerLink> Taken { get; set; } = static _ => { };

    /// <summary>The clients that are connected to this silo.</summary>
    public ClientRoster Clients { get; } = new();

    /// <summary>Takes links of silos, or of clients, at an address.</summary>
    /// <exception cref="IOException">The address is taken or not this machine's.</exception>
    public async Task Listen(IPEndPoint address, PeerKind welcome, CancellationToken cancellation) =>
        _listeners.Add((await _network.Listen(address, link => Accepted(link, welcome), cancellation), welcome));

    /// <summary>
    /// Takes no clients any more and lets go of those there are; completes when whatever came here, from them or from
    /// silos, has its answer.
    /// </summary>
    /// <remarks>
    /// The port and the links of silos stay: who refuses a probe is declared dead, and with that the answers that
    /// others still wait for are lost.
    /// </remarks>
    /// <param name="cancellation">Gives up on the answers.</param>
    public async Task Drain(CancellationToken cancellation)
    {
        foreach (var (listener, _) in _listeners.Where(taken => taken.Welcome == PeerKind.Client))
            await listener.DisposeAsync();
        try
        {
            while (Clients.All.Count > 0 || Links().Any(link => link.IsServing))
            {
                foreach (var client in Clients.All) client.Retire();
                await Task.Delay(TimeSpan.FromMilliseconds(10), _clock, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Who stops in a hurry breaks what is left; its callers hear it at once.
        }
    }

    /// <summary>Takes and begins nothing new, and ends each link when all on it has been answered.</summary>
    /// <param name="cancellation">Ends the links at once.</param>
    public async Task Stop(CancellationToken cancellation)
    {
        foreach (var (listener, _) in _listeners) await listener.DisposeAsync();
        _listeners.Clear();
        foreach (var link in Links()) link.Retire();
        try
        {
            while (Links().Any() && !cancellation.IsCancellationRequested)
                await Task.Delay(TimeSpan.FromMilliseconds(10), _clock, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Who stops in a hurry breaks what is left; its callers hear it at once.
        }

        Cut();
    }

    /// <summary>Ends everything at once.</summary>
    public void Cut()
    {
        if (!_stopped.IsCancellationRequested) _stopped.Cancel();
        foreach (var (listener, _) in _listeners) _ = listener.DisposeAsync().AsTask();
        _listeners.Clear();
        foreach (var link in Links()) link.Close(null);
    }

    public void Dispose()
    {
        Cut();
        _stopped.Dispose();
    }

    /// <summary>Uses a link for nothing new any more.</summary>
    public void Left(PeerLink link, Exception? reason)
    {
        if (link.Peer.Silo is { } silo) Peers[silo].Remove(link);
        if (!link.HasEnded) return;
        Clients.Remove(link);
        _log.LinkEnded(link.Peer.Name, reason?.Message ?? "it was closed");
    }

    private IEnumerable<PeerLink> Links() => Peers.All.SelectMany(peer => peer.Links()).Concat(Clients.All);

    private void Accepted(ILink link, PeerKind welcome)
    {
        var introduction = new Introduction(
            link, theirs => GreetingRules.Judge(theirs, _self.Greet(null, _clock), welcome),
            theirs =>
            {
                RefuseTheDead(link, theirs);
                link.Send(_self.Greet(null, _clock).ToFrame().Span);
                return Take(link, theirs, isDialled: false);
            },
            _clock, GreetingLimit, _log);
        _ = introduction.Begin(null);
    }

    // Told so, it ends, even when it can't read the table; a link that just ended would be dialled again and again.
    private void RefuseTheDead(ILink link, Greeting theirs)
    {
        if (theirs.Silo is not { } silo || !Peers[silo].IsDead) return;
        link.Send(Greeting.DeathNoticeFrame().Span);
        throw new GreetingException($"{theirs.Name} was declared dead.");
    }

    private async Task<PeerLink> Dial(SiloAddress silo)
    {
        // Off the stack of who asked, which may hold a lock.
        await Task.Yield();
        var link = await Connect(silo);
        var ours = _self.Greet(silo, _clock);
        var introduction = new Introduction(
            link, theirs => GreetingRules.JudgeAnswer(theirs, ours), theirs => Take(link, theirs, isDialled: true),
            _clock, DialLimit, _log);
        return await introduction.Begin(ours);
    }

    private async Task<ILink> Connect(SiloAddress silo)
    {
        using var limit = new CancellationTokenSource(DialLimit, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopped.Token);
        try
        {
            return await _network.Connect(silo.Endpoint, either.Token);
        }
        catch (OperationCanceledException error)
        {
            throw new IOException(
                _stopped.IsCancellationRequested
                    ? "This silo stops."
                    : $"{silo} could not be reached within {DialLimit.TotalSeconds} s.", error);
        }
    }

    private PeerLink Take(ILink link, Greeting theirs, bool isDialled)
    {
        if (GreetingRules.ClockDifference(theirs, _clock.GetUtcNow()) is { } difference)
            _log.ClocksDiffer(theirs.Name, difference.TotalSeconds);
        var peer = new PeerLink(link, theirs, isDialled, _owner, _clock);
        if (theirs.Silo is { } silo)
        {
            if (!Peers[silo].Add(peer)) throw new GreetingException($"{theirs.Name} was declared dead.");
            Taken(peer);
        }
        else
        {
            Clients.Add(peer);
        }

        _log.Linked(theirs.Name, link.Remote);
        return peer;
    }

    /// <summary>Who a silo is, as it greets.</summary>
    public sealed record Identity(string ClusterId, string ServiceId, SiloAddress Silo)
    {
        public Greeting Greet(SiloAddress? expected, TimeProvider clock) =>
            new(ClusterId, ServiceId, Silo, "", expected, clock.GetUtcNow());
    }
}

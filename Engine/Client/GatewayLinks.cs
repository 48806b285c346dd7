using System.Collections.Immutable;
using System.Net;
using System.Text;
using Aedile.Engine.Identity;
using Aedile.Engine.Messaging;
using Aedile.Engine.Turns;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Client;

/// <summary>Keeps a client linked with several gateways, and picks one for each grain.</summary>
internal sealed class GatewayLinks : IDisposable
{
    /// <summary>How many links are kept. More would only cost; with two, one may break.</summary>
    public const int LinksMax = 4;

    // A gateway that is stopped or hung takes bytes and says nothing: only a question shows it.
    private static readonly TimeSpan PulseInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PulseLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    private readonly GatewayDialler _dialler;
    private readonly LinkQuestions _questions;
    private readonly IGatewayList _list;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly string _client;
    private readonly TimeSpan _refresh;
    private readonly GatewayBook _book;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly Lock _lock = new();
    private readonly List<Task> _keepers = [];
    private ImmutableArray<PeerLink> _open = [];
    private TaskCompletionSource _changed = new(Continuations.Elsewhere);
    private string _lastFailure = "no gateway is known";

    public GatewayLinks(
        GatewayDialler dialler, LinkQuestions questions, IGatewayList list, TimeProvider clock, ILogger log,
        string client, TimeSpan refresh)
    {
        (_dialler, _questions, _list, _clock, _log) = (dialler, questions, list, clock, log);
        (_client, _refresh) = (client, refresh);
        _stopped = _stopping.Token;
        _book = new GatewayBook(client);
    }

    /// <summary>Why the last gateway that failed did.</summary>
    public string LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>The links that calls may use, in the order of the silos' addresses.</summary>
    public ImmutableArray<PeerLink> Open
    {
        get
        {
            lock (_lock) return _open;
        }
    }

    /// <summary>Begins to link. It goes on until disposal.</summary>
    public async Task Start(CancellationToken cancellation)
    {
        await Refresh(cancellation);
        for (var i = 0; i < LinksMax; i++) _keepers.Add(Keep(i));
        _keepers.Add(KeepListFresh());
    }

    /// <summary>Completes when the links have changed since the caller looked.</summary>
    /// <param name="seen">What <see cref="Open"/> was.</param>
    public Task WhenChanged(ImmutableArray<PeerLink> seen)
    {
        lock (_lock) return _open == seen ? _changed.Task : Task.CompletedTask;
    }

    /// <summary>Picks the link for a grain: the same for all its calls as long as the links stay.</summary>
    public PeerLink? For(GrainId grain)
    {
        var open = Open;
        PeerLink? best = null;
        var most = 0u;
        foreach (var link in open)
        {
            if (!link.IsOpen) continue;
            var weight = (grain.GetUniformHashCode() ^ (uint)link.Peer.Silo!.GetConsistentHashCode()) * 2654435761;
            weight ^= weight >> 15;
            if (best is null || weight > most) (best, most) = (link, weight);
        }

        return best;
    }

    /// <summary>Uses a link for nothing new any more.</summary>
    public void Left(PeerLink link) => Change(open => open.Remove(link));

    /// <summary>Begins nothing new and ends each link when all on it has been answered.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        _stopping.Cancel(); // Here and now: what runs elsewhere would leave a simulation's process.
        var open = Open;
        foreach (var link in open) link.Retire();
        try
        {
            await Task.WhenAll(open.Select(link => link.Ended)).WaitAsync(StopLimit, _clock, cancellation);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            foreach (var link in open) link.Close(null); // Who stops in a hurry breaks what is left.
        }

        await Task.WhenAll(_keepers);
    }

    public void Dispose()
    {
        if (!_stopped.IsCancellationRequested) _stopping.Cancel();
        foreach (var link in Open) link.Close(null);
        _stopping.Dispose();
    }

    private async Task Keep(int keeper)
    {
        for (var attempt = 0; !_stopped.IsCancellationRequested; attempt++)
        {
            if (_book.Claim() is { } gateway)
            {
                if (await Use(gateway)) attempt = 0;
                _book.GiveBack(gateway);
                await Refresh(_stopped);
            }
            else if (keeper == 0 && Open.IsEmpty)
            {
                // The whole fleet was away, and may be back.
                await Refresh(_stopped);
            }

            await Pause(keeper, attempt);
        }
    }

    /// <returns>Whether there was a link.</returns>
    private async Task<bool> Use(IPEndPoint gateway)
    {
        PeerLink? link = null;
        try
        {
            link = await _dialler.Dial(gateway, _stopped);
            _book.Worked(gateway);
            _log.GatewayLinked(gateway, link.Peer.Name);
            Change(open => open.Add(link).Sort((left, right) => left.Peer.Silo!.CompareTo(right.Peer.Silo)));
            await Watch(link);
            Failed(gateway, "its link ended");
        }
        catch (Exception error) when (error is IOException or TimeoutException or OrleansException)
        {
            link?.Close(error);
            Failed(gateway, error.Message);
        }
        catch (OperationCanceledException)
        {
            // The client stops; its links end in good order elsewhere.
        }

        if (link is not null) Left(link);
        return link is not null;
    }

    private async Task Watch(PeerLink link)
    {
        while (!link.HasEnded)
        {
            await Task.WhenAny(link.Ended, Task.Delay(PulseInterval, _clock, _stopped));
            _stopped.ThrowIfCancellationRequested();
            if (!link.IsOpen) await link.Ended.WaitAsync(_stopped);
            else await _questions.Ask<PulseQuestion, PulseReply>(link, new PulseQuestion(), PulseLimit, _stopped);
        }
    }

    private async Task KeepListFresh()
    {
        while (!_stopped.IsCancellationRequested)
        {
            await Sleep(_refresh);
            await Refresh(_stopped);
        }
    }

    private async Task Refresh(CancellationToken cancellation)
    {
        try
        {
            _book.Update(await _list.Gateways(cancellation));
        }
        catch (Exception error)
        {
            // The client stops. Not only OperationCanceledException says so: a driver may wrap it in one of its own.
            if (cancellation.IsCancellationRequested) return;

            // The list may be in a database that is down for a moment; what is known goes on working.
            Volatile.Write(ref _lastFailure, error.Message);
            _log.GatewaysUnread(error.Message);
        }
    }

    private void Failed(IPEndPoint gateway, string reason)
    {
        if (_stopped.IsCancellationRequested) return;
        Volatile.Write(ref _lastFailure, $"{gateway}: {reason}");
        _log.GatewayFailed(gateway, reason);
    }

    // Doubled with each failure, and spread between half and all of it by client and attempt, so that the clients of a
    // silo that died don't come back all at once. From a hash, not by chance: a simulated run must repeat.
    private Task Pause(int keeper, int attempt)
    {
        var longest = Math.Min(
            PauseMax.TotalMilliseconds, PauseMin.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 8)));
        var part = StableHash.Of(Encoding.UTF8.GetBytes($"{_client} {keeper} {attempt}")) / (double)uint.MaxValue;
        return Sleep(TimeSpan.FromMilliseconds(longest * (0.5 + (part / 2))));
    }

    private async Task Sleep(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _clock, _stopped);
        }
        catch (OperationCanceledException)
        {
            // The loop that sleeps sees it.
        }
    }

    private void Change(Func<ImmutableArray<PeerLink>, ImmutableArray<PeerLink>> change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            var after = change(_open);
            if (after == _open) return;
            _open = after;
            changed = _changed;
            _changed = new TaskCompletionSource(Continuations.Elsewhere);
        }

        changed.TrySetResult();
    }
}

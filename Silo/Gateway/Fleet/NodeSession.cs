using System.Threading.Channels;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>One session that this silo holds, from its hello to its end. Ends once. Thread-safe.</summary>
#pragma warning disable CA1001 // The source has no timer and no link; whoever still holds its token must be able to.
internal sealed class NodeSession(SessionMessage.Hello hello, TimeProvider clock)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Channel<SessionMessage?> _outbox =
        Channel.CreateUnbounded<SessionMessage?>(new UnboundedChannelOptions { SingleReader = true });
    private long _lastBeat = clock.GetUtcNow().UtcTicks;
    private long _endedAt;
    private long _epoch;
    private int _isBeatWaiting;
    private int _isCopyAwake;
    private volatile bool _isLeaving;
    private volatile bool _isConfirmed;

    /// <summary>Who it is.</summary>
    public SessionMessage.Hello Hello { get; } = hello;

    /// <summary>When it began (UTC).</summary>
    public DateTimeOffset BeganAt { get; } = clock.GetUtcNow();

    /// <summary>When it was last heard of (UTC).</summary>
    public DateTimeOffset LastBeat => new(Interlocked.Read(ref _lastBeat), TimeSpan.Zero);

    /// <summary>Its epoch; null while it is provisional.</summary>
    public long? Epoch => Interlocked.Read(ref _epoch) is var epoch and not 0 ? epoch : null;

    /// <summary>When it ended (UTC); null while it stands.</summary>
    public DateTimeOffset? EndedAt =>
        Interlocked.Read(ref _endedAt) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Whether it stands.</summary>
    public bool Stands => EndedAt is null;

    /// <summary>Cancelled when it ends.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>
    /// What is still to be sent to the agent, in order; null: look whether there is something for its copy of the
    /// model. At most one beat and one null wait in it, so it is as short for a slow agent as for a fast one.
    /// </summary>
    public ChannelReader<SessionMessage?> Outbox => _outbox.Reader;

    /// <summary>As the rules see it.</summary>
    public OwnSession Facts => new(Epoch, Stands, _isLeaving, _isConfirmed);

    /// <summary>The agent was heard of.</summary>
    public void Beat() => Interlocked.Exchange(ref _lastBeat, clock.GetUtcNow().UtcTicks);

    /// <summary>Sends a message as soon as the connection takes it.</summary>
    public void Send(SessionMessage message) => _outbox.Writer.TryWrite(message);

    /// <summary>Sends a beat, unless one still waits to be sent.</summary>
    public void SendBeat()
    {
        if (Interlocked.Exchange(ref _isBeatWaiting, 1) == 0) Send(SessionMessage.Beat.Instance);
    }

    /// <summary>There may be something for the agent's copy of the model.</summary>
    public void WakeCopy()
    {
        if (Interlocked.Exchange(ref _isCopyAwake, 1) == 0) _outbox.Writer.TryWrite(null);
    }

    /// <summary>A message was taken out of the outbox and is about to be sent.</summary>
    public void Taken(SessionMessage? message)
    {
        if (message is null) Volatile.Write(ref _isCopyAwake, 0);
        else if (message is SessionMessage.Beat) Volatile.Write(ref _isBeatWaiting, 0);
    }

    /// <summary>It was claimed. An epoch never falls.</summary>
    public void Claimed(long epoch) => Interlocked.Exchange(ref _epoch, epoch);

    /// <summary>It ended, and nothing in the table says that the agent has another one.</summary>
    public void ConfirmEnd() => _isConfirmed = true;

    /// <summary>Ends it.</summary>
    /// <param name="isLeaving">Whether the agent will come back elsewhere, so that its node is not gone.</param>
    /// <returns>Whether it stood until now.</returns>
    public bool End(bool isLeaving)
    {
        if (!Stands) return false;
        // Before the end: whoever sees the one must see the other.
        if (isLeaving) _isLeaving = true;
        if (Interlocked.CompareExchange(ref _endedAt, clock.GetUtcNow().UtcTicks, 0) != 0) return false;
        _ended.Cancel();
        return true;
    }
}

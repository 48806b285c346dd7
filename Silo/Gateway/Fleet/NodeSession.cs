using Aedile.Client.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>One session of one agent, from its hello to its end. Ends once.</summary>
#pragma warning disable CA1001 // The source has no timer and no link; whoever still holds its token must be able to.
internal sealed class NodeSession(SessionMessage.Hello hello, TimeProvider clock)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _ended = new();
    private long _lastBeat = clock.GetUtcNow().UtcTicks;
    private long _endedAt;

    /// <summary>Who it is.</summary>
    public SessionMessage.Hello Hello { get; } = hello;

    /// <summary>When it began (UTC).</summary>
    public DateTimeOffset BeganAt { get; } = clock.GetUtcNow();

    /// <summary>When it was last heard of (UTC).</summary>
    public DateTimeOffset LastBeat => new(Interlocked.Read(ref _lastBeat), TimeSpan.Zero);

    /// <summary>When it ended (UTC); null while it stands.</summary>
    public DateTimeOffset? EndedAt =>
        Interlocked.Read(ref _endedAt) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Whether it stands.</summary>
    public bool Stands => EndedAt is null;

    /// <summary>Cancelled when it ends: whatever waits for the node need wait no longer.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The agent was heard of.</summary>
    public void Beat() => Interlocked.Exchange(ref _lastBeat, clock.GetUtcNow().UtcTicks);

    /// <summary>Ends it.</summary>
    /// <returns>Whether it stood until now.</returns>
    public bool End()
    {
        if (Interlocked.CompareExchange(ref _endedAt, clock.GetUtcNow().UtcTicks, 0) != 0) return false;
        _ended.Cancel();
        return true;
    }
}

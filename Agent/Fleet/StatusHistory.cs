using System.Collections.Immutable;
using Aedile.Client.Fleet;

namespace Aedile.Agent.Fleet;

/// <summary>
/// What this run of the agent has said of its node: events with a sequence from 1, the newest ones kept. Pure.
/// </summary>
/// <param name="Sequence">Of the newest event.</param>
/// <param name="Status">As of it.</param>
/// <param name="Recent">The newest events, in order.</param>
internal sealed record StatusHistory(
    long Sequence, NodeStatus Status, ImmutableQueue<SessionMessage.StatusEvent> Recent)
{
    /// <summary>How many events are kept; to whom more are missing gets a snapshot.</summary>
    public const int RecentMax = 64;

    private const long DiskShare = 100;
    private const long MemoryShare = 10;
    private static readonly TimeSpan RefreshAfter = TimeSpan.FromMinutes(1);

    /// <summary>The first event of a run is a snapshot.</summary>
    public static StatusHistory Begin(NodeStatus status) => new(1, status, [Snapshot(1, status)]);

    /// <summary>The status was looked at.</summary>
    /// <param name="seen">What it is.</param>
    /// <param name="since">How long ago the newest event was.</param>
    /// <returns>The history, with an event more if there is news.</returns>
    public StatusHistory Look(NodeStatus seen, TimeSpan since)
    {
        if (seen == Status || (!IsNews(seen) && since < RefreshAfter)) return this;
        var said = new SessionMessage.StatusEvent(
            Sequence + 1, IsSnapshot: false, seen.Machine == Status.Machine ? null : seen.Machine,
            seen.Storage == Status.Storage ? null : seen.Storage);
        var recent = Recent.Enqueue(said);
        // The oldest one has the lowest sequence, and they have no gaps.
        if (said.Sequence - recent.Peek().Sequence >= RecentMax) recent = recent.Dequeue();
        return new StatusHistory(said.Sequence, seen, recent);
    }

    /// <summary>What somebody lacks who has all up to an event: the events since, or a snapshot.</summary>
    public ImmutableArray<SessionMessage.StatusEvent> After(long sequence)
    {
        if (sequence >= Sequence) return [];
        return sequence + 1 < Recent.Peek().Sequence || sequence == 0
            ? [Snapshot(Sequence, Status)]
            : [.. Recent.Where(said => said.Sequence > sequence)];
    }

    // Figures that always move are news when they moved far; the rest of them is seen with the next minute.
    private bool IsNews(NodeStatus seen)
    {
        var (before, after) = (Status.Machine, seen.Machine);
        return before.Cores != after.Cores || before.MemoryBytes != after.MemoryBytes
            || before.DiskBytes != after.DiskBytes
            || HasMoved(before.DiskFreeBytes, after.DiskFreeBytes, after.DiskBytes / DiskShare)
            || HasMoved(before.MemoryAvailableBytes, after.MemoryAvailableBytes, after.MemoryBytes / MemoryShare)
            || IsNews(Status.Storage, seen.Storage);
    }

    private static bool IsNews(StorageStatus? before, StorageStatus? after) =>
        before?.Replicas != after?.Replicas || before?.SuspectReplicas != after?.SuspectReplicas
        || before?.IsDiskFull != after?.IsDiskFull || before?.IsReadOnly != after?.IsReadOnly;

    private static bool HasMoved(long before, long after, long by) => Math.Abs(after - before) > by;

    private static SessionMessage.StatusEvent Snapshot(long sequence, NodeStatus status) =>
        new(sequence, IsSnapshot: true, status.Machine, status.Storage);
}

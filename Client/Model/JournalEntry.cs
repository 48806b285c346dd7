using System.Collections.Immutable;

namespace Aedile.Client.Model;

/// <summary>A transaction as the journal keeps it: what changed, when, by whom. It is the audit log, too.</summary>
/// <param name="Index">Its place: one more than that of the entry before.</param>
/// <param name="At">When it was decided (UTC, the sequencer's clock); never before that of the entry before.</param>
/// <param name="Actor">Who wanted it.</param>
/// <param name="Command">Id of the command.</param>
/// <param name="Key">The client's idempotency key; null when it gave none.</param>
/// <param name="CommandHash">
/// SHA-256 of what was asked: tells whether a key comes with the same command again. Empty without a key: ids are never
/// given twice.
/// </param>
/// <param name="Changes">In order.</param>
public sealed record JournalEntry(
    long Index, DateTimeOffset At, string Actor, Guid Command, string? Key, string CommandHash,
    ImmutableArray<EntityChange> Changes);

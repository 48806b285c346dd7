using System.Collections.Immutable;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>What a client was told of one ref of its push.</summary>
internal enum RefOutcome
{
    /// <summary>Nothing it can rely on.</summary>
    Unknown,

    /// <summary>It has its new value.</summary>
    Moved,

    /// <summary>It was somewhere else than the client thought.</summary>
    Stale,

    /// <summary>It did not move, for another reason.</summary>
    NotMoved,
}

/// <summary>A push as its client saw it. Times are virtual.</summary>
internal sealed record PushSeen(
    TransactionId Transaction, ImmutableArray<RefUpdate> Updates, bool Atomic, TimeSpan Started, TimeSpan Ended,
    ImmutableArray<RefOutcome> Outcomes);

/// <summary>A read as its client saw it.</summary>
internal sealed record ReadSeen(
    TimeSpan Started, TimeSpan Ended, ReplicaVersion Wanted, SortedDictionary<string, string> Refs);

/// <summary>Everything clients did and saw in one run.</summary>
internal sealed class History
{
    /// <summary>Pushes, in order of their ends.</summary>
    public List<PushSeen> Pushes { get; } = [];

    /// <summary>Reads, in order of their ends.</summary>
    public List<ReadSeen> Reads { get; } = [];
}

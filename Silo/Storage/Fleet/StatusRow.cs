using Aedile.Client.Fleet;

namespace Aedile.Silo.Storage.Fleet;

/// <summary>What a node last said of itself.</summary>
/// <param name="Node">The node.</param>
/// <param name="Epoch">Of the session over which it was said.</param>
/// <param name="BootId">The run of its agent's process.</param>
/// <param name="Sequence">Counts the events of that run.</param>
/// <param name="Content">What it said, as JSON.</param>
/// <param name="At">When it was heard (UTC), by the session's silo; for people.</param>
internal sealed record StatusRow(
    NodeName Node, long Epoch, Guid BootId, long Sequence, string Content, DateTimeOffset At);

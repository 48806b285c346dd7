using System.Collections.Immutable;

namespace Aedile.Client.Fleet;

/// <summary>Answer to <c>GET /v1/nodes/{node}</c>.</summary>
/// <param name="Node">Where it stands, as the answering silo sees it.</param>
/// <param name="Report">What it last said of itself; null when it never did.</param>
public sealed record NodeDetailResource(NodeResource Node, NodeReportResource? Report);

/// <summary>What a node last said of itself, and when. The same on every silo, half a second later at most.</summary>
/// <param name="Epoch">Of the session over which it was said.</param>
/// <param name="BootId">The run of its agent's process.</param>
/// <param name="Sequence">Counts the events of that run.</param>
/// <param name="At">When a silo heard it (UTC).</param>
/// <param name="Status">What it said; null when this silo's program can't read it.</param>
public sealed record NodeReportResource(
    long Epoch, Guid BootId, long Sequence, DateTimeOffset At, NodeStatus? Status);

/// <summary>A page of nodes.</summary>
/// <param name="Items">By name.</param>
/// <param name="NextCursor">For the next page; null when this is the last one.</param>
public sealed record NodePage(ImmutableArray<NodeResource> Items, string? NextCursor);

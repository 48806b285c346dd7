using System.Collections.Immutable;
using Aedile.Client.Fleet;

namespace Aedile.Dashboard.Fleet;

/// <summary>Which nodes' sessions to show.</summary>
/// <param name="Search">Part of the node's or the silo's name, any case; empty for all.</param>
/// <param name="State">Where they stand; empty for all.</param>
/// <param name="Skip">How many to leave out at the start, 0 or more.</param>
/// <param name="Take">How many at most, 1 to 200.</param>
public sealed record SessionQuery(string Search, string State, int Skip, int Take);

/// <summary>A part of the nodes: first those that are not here, then those that move, then the others.</summary>
/// <param name="Items">In this order.</param>
/// <param name="Matching">How many fit the query in all.</param>
/// <param name="Counts">How all nodes stand, whether they fit or not.</param>
public sealed record SessionWindow(ImmutableArray<SessionView> Items, int Matching, SessionCounts Counts);

/// <summary>How the nodes stand.</summary>
/// <param name="Running">Their session stands.</param>
/// <param name="Moving">They are on their way to another silo.</param>
/// <param name="Unknown">They have no session.</param>
public sealed record SessionCounts(int Running, int Moving, int Unknown);

/// <summary>A node and its session.</summary>
/// <param name="Node">As REST shows it.</param>
/// <param name="Boot">The run of its agent's process; null while it was never seen.</param>
public sealed record SessionView(NodeResource Node, Guid? Boot);

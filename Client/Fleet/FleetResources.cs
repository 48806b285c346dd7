using System.Collections.Immutable;

namespace Aedile.Client.Fleet;

/// <summary>Answer to <c>GET /v1/fleet</c>: the processes as the answering silo sees them.</summary>
/// <param name="Silo">The silo that answered.</param>
/// <param name="Silos">All silos it knows, itself included, by name.</param>
/// <param name="Nodes">Every node it knows, by name: those of its configuration, and those that ever had a session
/// with any silo.</param>
public sealed record FleetResource(
    SiloResource Silo, ImmutableArray<SiloResource> Silos, ImmutableArray<NodeResource> Nodes);

/// <summary>A silo.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pid">Process id on its machine.</param>
/// <param name="Address">Base address of its gateway.</param>
/// <param name="Version">Version of its program.</param>
/// <param name="Since">When it started (UTC).</param>
/// <param name="Ready">Whether it serves; of another silo: whether it lives.</param>
/// <param name="Reason">Why it doesn't; null when it does.</param>
public sealed record SiloResource(
    string Name, int Pid, Uri? Address, string Version, DateTimeOffset Since, bool Ready, string? Reason);

/// <summary>A node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Healthy">Whether it is counted on: its session stands, or it is moving to another silo.</param>
/// <param name="State">
/// <c>running</c>: its session stands; <c>moving</c>: its silo is gone or lets it go, and its time to come back is not
/// over; <c>unknown</c>: it has no session.
/// </param>
/// <param name="Silo">The silo that holds its session, or held it last; null while it was never seen.</param>
/// <param name="Epoch">Its session's epoch; null while it was never seen, or its session is provisional.</param>
/// <param name="Roles">What its agent does; empty while it was never seen.</param>
/// <param name="Pid">Its agent's process id; null while it was never seen.</param>
/// <param name="Endpoint">Base address of its agent; null while it was never seen.</param>
/// <param name="AgentVersion">Version of its agent's program; null while it was never seen.</param>
/// <param name="Since">When its session began or, when unhealthy, ended (UTC); null while it was never seen.</param>
/// <param name="LastBeat">When it was last heard of (UTC); null unless the answering silo holds its session.</param>
public sealed record NodeResource(
    NodeName Name, bool Healthy, string State, string? Silo, long? Epoch, ImmutableArray<string> Roles,
    int? Pid, Uri? Endpoint, string? AgentVersion,
    DateTimeOffset? Since, DateTimeOffset? LastBeat);

using System.Collections.Immutable;

namespace Aedile.Client.Fleet;

/// <summary>Answer to <c>GET /v1/fleet</c>: the processes as the answering silo sees them.</summary>
/// <param name="Silo">The silo that answered.</param>
/// <param name="Nodes">Every node it knows, by name: those of its configuration, and those whose session it has
/// held.</param>
public sealed record FleetResource(SiloResource Silo, ImmutableArray<NodeResource> Nodes);

/// <summary>A silo.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pid">Process id on its machine.</param>
/// <param name="Address">Base address of its gateway.</param>
/// <param name="Version">Version of its program.</param>
/// <param name="Since">When it started (UTC).</param>
/// <param name="Ready">Whether it serves.</param>
/// <param name="Reason">Why it doesn't; null when it does.</param>
public sealed record SiloResource(
    string Name, int Pid, Uri? Address, string Version, DateTimeOffset Since, bool Ready, string? Reason);

/// <summary>A node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Healthy">Whether its agent's session stands.</param>
/// <param name="Roles">What its agent does; empty while it was never seen.</param>
/// <param name="Pid">Its agent's process id; null while it was never seen.</param>
/// <param name="Endpoint">Base address of its agent; null while it was never seen.</param>
/// <param name="AgentVersion">Version of its agent's program; null while it was never seen.</param>
/// <param name="Since">When its session began or, when unhealthy, ended (UTC); null while it was never seen.</param>
/// <param name="LastBeat">When it was last heard of (UTC); null while it was never seen.</param>
public sealed record NodeResource(
    NodeName Name, bool Healthy, ImmutableArray<string> Roles, int? Pid, Uri? Endpoint, string? AgentVersion,
    DateTimeOffset? Since, DateTimeOffset? LastBeat);

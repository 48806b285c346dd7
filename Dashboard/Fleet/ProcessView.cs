using System.Collections.Immutable;

namespace Aedile.Dashboard.Fleet;

/// <summary>A process of the fleet.</summary>
/// <param name="Name">Its name; for an agent its node's name.</param>
/// <param name="Roles">What it does, as in <c>silo</c> or <c>storage</c>.</param>
/// <param name="Pid">Process id on its machine; null when it is not known.</param>
/// <param name="Address">Where it listens; null while it was never seen.</param>
/// <param name="Health">How it is.</param>
/// <param name="Since">Since when it is so (UTC); null when it was never seen.</param>
/// <param name="Detail">Why it is so, for people; null when there is nothing to say.</param>
public sealed record ProcessView(
    string Name, ImmutableArray<string> Roles, int? Pid, Uri? Address, ProcessHealth Health, DateTimeOffset? Since,
    string? Detail = null);

/// <summary>How a process is, as far as this silo knows.</summary>
public enum ProcessHealth
{
    /// <summary>Configured, never seen.</summary>
    Unknown,

    /// <summary>It started and is not ready yet.</summary>
    Starting,

    /// <summary>Its session stands.</summary>
    Healthy,

    /// <summary>Its session ended, or it says itself that it can't work.</summary>
    Unhealthy,
}

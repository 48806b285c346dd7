using System.Collections.Immutable;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Storage.Fleet;

/// <summary>The newest session of a node, as all silos see it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Epoch">Grows with each session of the node; the higher one counts.</param>
/// <param name="Run">The run of the silo that holds it.</param>
/// <param name="Agent">The agent, as it said hello.</param>
/// <param name="BeganAt">When it began (UTC), by the holder's clock; for people.</param>
/// <param name="EndedAt">When it ended (UTC); null while the node is here.</param>
/// <param name="Change">Counts the node's comings and goings; a move between silos is none.</param>
/// <param name="Told">Up to which of them all repositories of the node were told.</param>
/// <param name="Version">Number of the row's last change in the whole table.</param>
internal sealed record SessionRow(
    NodeName Node, long Epoch, Guid Run, AgentIdentity Agent, DateTimeOffset BeganAt, DateTimeOffset? EndedAt,
    long Change, long Told, long Version);

/// <summary>Who an agent is, and where.</summary>
/// <param name="BootId">The run of its process.</param>
/// <param name="Attempt">Which connection of that run.</param>
/// <param name="Endpoint">Base address of its endpoint.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Pid">Process id on its machine.</param>
/// <param name="Version">Version of its program.</param>
internal sealed record AgentIdentity(
    Guid BootId, long Attempt, Uri Endpoint, ImmutableArray<string> Roles, int Pid, string Version)
{
    /// <summary>As it said hello.</summary>
    public static AgentIdentity From(SessionMessage.Hello hello) => new(
        hello.BootId, hello.Attempt, hello.Endpoint, hello.Roles.IsDefault ? [] : hello.Roles, hello.Pid,
        hello.AgentVersion);
}

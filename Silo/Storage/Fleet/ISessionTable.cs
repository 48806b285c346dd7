using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;

namespace Aedile.Silo.Storage.Fleet;

/// <summary>
/// The sessions of all agents and the silos that hold them, shared by all silos. Every method may throw a
/// <see cref="DbException"/>: then it may have had its effect or not, and may be repeated.
/// </summary>
internal interface ISessionTable
{
    /// <summary>The sessions that changed after a version, all silos, and the newest version; one snapshot.</summary>
    Task<FleetRows> Read(long after, CancellationToken cancellation);

    /// <summary>Claims a session by compare-and-set; repeats it while other silos are faster.</summary>
    /// <param name="next">
    /// The rule: from the node's row (null: it never had a session) the one to write; null when there is none to claim.
    /// </param>
    /// <param name="node">The node.</param>
    /// <param name="cancellation">Ends the attempts.</param>
    /// <returns>What was written; null when the rule gave nothing.</returns>
    Task<SessionRow?> Claim(NodeName node, Func<SessionRow?, SessionRow?> next, CancellationToken cancellation);

    /// <summary>The node is gone. Changes nothing when its session has another epoch or ended before.</summary>
    Task End(NodeName node, long epoch, CancellationToken cancellation);

    /// <summary>All repositories of the node were told of its changes up to this one.</summary>
    Task NoteTold(NodeName node, long change, CancellationToken cancellation);

    /// <summary>A silo starts.</summary>
    Task Register(SiloRow silo, CancellationToken cancellation);

    /// <summary>The silo lives.</summary>
    /// <param name="run">Its run.</param>
    /// <param name="engine">Its address in the engine's membership; empty before the engine has started.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when the others took it for dead and have forgotten it: register again.</returns>
    Task<bool> Beat(Guid run, string engine, CancellationToken cancellation);

    /// <summary>The silo stops in order. Idempotent.</summary>
    Task Stop(Guid run, CancellationToken cancellation);

    /// <summary>Forgets an ended silo. Idempotent.</summary>
    Task Forget(Guid run, CancellationToken cancellation);

    /// <summary>
    /// Waits until another silo may have changed something, as far as the database tells; in any case no longer than
    /// the interval after which the table should be read again.
    /// </summary>
    Task WaitForChange(CancellationToken cancellation);
}

/// <summary>What was read.</summary>
/// <param name="Version">Number of the newest change.</param>
/// <param name="Sessions">Those that changed, in the order of their changes.</param>
/// <param name="Silos">All of them.</param>
internal sealed record FleetRows(
    long Version, ImmutableArray<SessionRow> Sessions, ImmutableArray<SiloRow> Silos);

using System.Collections.Immutable;
using System.Data.Common;

namespace Aedile.Silo.Storage.Fleet;

/// <summary>
/// What nodes last said of themselves, shared by all silos. Every method may throw a <see cref="DbException"/>: then it
/// may have had its effect or not, and may be repeated.
/// </summary>
internal interface IStatusTable
{
    /// <summary>
    /// Writes what is newer than what is there: of the node's newest session, and of a later event or a later run. What
    /// comes late changes nothing.
    /// </summary>
    Task Write(ImmutableArray<StatusRow> rows, CancellationToken cancellation);

    /// <summary>What changed after a version, in the order of the changes, and the newest version.</summary>
    Task<(long Version, ImmutableArray<StatusRow> Rows)> Read(long after, CancellationToken cancellation);
}

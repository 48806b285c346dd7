using Aedile.Client.Fleet;
using System.Collections.Immutable;

namespace Aedile.Client.Repositories;

/// <summary>
/// The newest decision that names the addressed replica as a voter; what it must redo before anything else.
/// </summary>
/// <param name="Version">The version decided; its transaction is the one to redo.</param>
/// <param name="Base">The version the replica prepared it on.</param>
/// <param name="Checksum">Content checksum after it.</param>
public sealed record DecisionNotice(ReplicaVersion Version, ReplicaVersion Base, string Checksum);

/// <summary>Makes an empty replica at a first version. Repeating it with the same version changes nothing.</summary>
/// <param name="Token">Right of the command.</param>
/// <param name="Version">The version the empty replica has.</param>
/// <param name="DefaultBranch">HEAD's target, a full name as in <c>refs/heads/main</c>.</param>
public sealed record CreateReplica(CommandToken Token, ReplicaVersion Version, string DefaultBranch);

/// <summary>Asks a replica to lock, check and durably promise a write. It changes no ref.</summary>
/// <param name="Token">Right of the command; its sequence fences earlier ones.</param>
/// <param name="Transaction">The write.</param>
/// <param name="Base">The version the replica must hold exactly.</param>
/// <param name="Newest">Decision to redo first, if the replica was a voter of the newest one.</param>
/// <param name="Updates">Changes in ordinal order of their names; no name twice.</param>
/// <param name="HasPack">Whether a pack was staged for it; then a replica that lacks it refuses.</param>
public sealed record PrepareWrite(
    CommandToken Token, TransactionId Transaction, ReplicaVersion Base, DecisionNotice? Newest,
    ImmutableArray<RefUpdate> Updates, bool HasPack);

/// <summary>Tells a replica that its promised write was decided: apply it. Idempotent.</summary>
/// <param name="Token">The token of the prepare.</param>
/// <param name="Version">The version decided.</param>
/// <param name="Checksum">Content checksum after it.</param>
public sealed record CommitWrite(CommandToken Token, ReplicaVersion Version, string Checksum);

/// <summary>
/// Tells a replica that a write will never be decided: drop the promise, the locks and the staged pack.
/// </summary>
public sealed record AbortWrite(CommandToken Token, TransactionId Transaction);

/// <summary>
/// Makes a replica equal to a source. Before its first ref moves the replica's version is durably none; only a final
/// repair whose resulting checksum is the expected one sets it again, after fsync.
/// </summary>
/// <param name="Token">Right of the command; a lower one than the highest seen is refused.</param>
/// <param name="SourceEndpoint">Base address of the source agent.</param>
/// <param name="Target">The version that the source holds and the replica gets.</param>
/// <param name="Checksum">Content checksum of the target.</param>
/// <param name="DefaultBranch">HEAD's target, a full name.</param>
/// <param name="Final">Whether no write can come between: then the version is set at the end.</param>
/// <param name="SourceNode">Which node the source is.</param>
/// <param name="SourceToken">What the source is shown; the silo that sends the command adds it.</param>
public sealed record RepairReplica(
    CommandToken Token, Uri SourceEndpoint, ReplicaVersion Target, string Checksum, string DefaultBranch, bool Final,
    NodeName? SourceNode = null, string? SourceToken = null);

/// <summary>
/// Deletes a replica's content; its highest token is kept so that an older command can't bring it back.
/// </summary>
public sealed record DeleteReplica(CommandToken Token);

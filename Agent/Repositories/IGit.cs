using System.Collections.Immutable;
using System.IO.Pipelines;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// What the storage role needs of git, without a word about processes. A quarantine is a folder that takes new objects
/// while the repository's own stay visible behind it; null means the repository itself.
/// </summary>
internal interface IGit
{
    /// <summary>Makes an empty bare repository in a folder that does not exist yet. Not durable.</summary>
    Task InitBare(string repository, string defaultBranch, CancellationToken cancellation);

    /// <summary>Reads a whole pack into a quarantine, checking every object in it. Nothing of it is durable.</summary>
    /// <exception cref="PackRejectedException">The pack is malformed, cut off, too large, or has bad
    /// objects.</exception>
    Task<StageReply> ReceivePack(
        string repository, string quarantine, PipeReader pack, long sizeMax, CancellationToken cancellation);

    /// <summary>Checks that all that can be reached from the tips is there or reachable from refs.</summary>
    /// <exception cref="PackRejectedException">Something is missing.</exception>
    Task CheckConnectivity(
        string repository, string? quarantine, IReadOnlyCollection<string> tips, CancellationToken cancellation);

    /// <summary>Begins a transaction over refs. It holds nothing before <see cref="IRefSession.Prepare"/>.</summary>
    Task<IRefSession> BeginRefs(string repository, string? quarantine, CancellationToken cancellation);

    /// <summary>All refs, in ordinal order of their names.</summary>
    Task<IReadOnlyList<GitRef>> ListRefs(string repository, CancellationToken cancellation);

    /// <summary>HEAD's target, a full name; null when HEAD names a commit or can't be read.</summary>
    Task<string?> ReadHead(string repository, CancellationToken cancellation);

    /// <summary>Points HEAD at a branch. Atomic, not durable.</summary>
    Task SetHead(string repository, string branch, CancellationToken cancellation);

    /// <summary>
    /// Makes all refs equal to those of another repository, with their objects; HEAD stays. <paramref name="started"/>
    /// hears of the child before it has a ref lock.
    /// </summary>
    /// <exception cref="GitException">It failed; refs may have moved.</exception>
    Task Mirror(
        string repository, MirrorSource source, Func<GitChild, Task> started, CancellationToken cancellation);

    /// <summary>Waits until a child of an earlier run of the agent is gone, and kills it if it takes long.</summary>
    Task WaitUntilGone(GitChild child, CancellationToken cancellation);
}

/// <summary>A git process with ref locks, one transaction long. Disposing it lets go of whatever it holds.</summary>
internal interface IRefSession : IAsyncDisposable
{
    /// <summary>The process, for the journal.</summary>
    GitChild Child { get; }

    /// <summary>Checks and locks the refs. Null when they are held; else git's reason, and nothing is held.</summary>
    Task<string?> Prepare(ImmutableArray<RefUpdate> updates, CancellationToken cancellation);

    /// <summary>
    /// Moves the prepared refs; returns when they moved and the locks are gone. Not durable for directories.
    /// </summary>
    /// <exception cref="GitException">The process is gone or refused: some refs may have moved.</exception>
    Task Commit(CancellationToken cancellation);

    /// <summary>Lets go of the locks; returns when they are gone.</summary>
    Task Abort(CancellationToken cancellation);
}

/// <summary>A ref and its value.</summary>
internal readonly record struct GitRef(string Name, string Value);

/// <summary>Where a repair fetches from.</summary>
/// <param name="Repository">Address of the repository on the source agent.</param>
/// <param name="Wanted">The version the source must have.</param>
/// <param name="Way">How hard to try.</param>
/// <param name="Node">The source's node; null when nobody has to prove that it is.</param>
/// <param name="Token">What the source is shown; null for none.</param>
internal sealed record MirrorSource(
    Uri Repository, ReplicaVersion Wanted, MirrorWay Way, NodeName? Node = null, string? Token = null);

/// <summary>How a mirror moves the refs.</summary>
internal enum MirrorWay
{
    /// <summary>All refs in one transaction.</summary>
    Atomic,

    /// <summary>
    /// Deletions first: for a branch <c>a</c> that became <c>a/b</c>, which one transaction can't do.
    /// </summary>
    DeletionsFirst,
}

/// <summary>The pack in a push was refused; nothing of it is kept.</summary>
internal sealed class PackRejectedException(string message, bool isTooLarge = false) : Exception(message)
{
    /// <summary>Whether it is over the size limit.</summary>
    public bool IsTooLarge => isTooLarge;
}

/// <summary>A git command failed for a reason that is not the user's.</summary>
internal sealed class GitException(string message, Exception? inner = null) : Exception(message, inner);

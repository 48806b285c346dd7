using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>One fact in the agent's journal. <see cref="ReplicaState.Apply"/> says what it changes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Created), "created")]
[JsonDerivedType(typeof(TokenSeen), "token")]
[JsonDerivedType(typeof(Intended), "intended")]
[JsonDerivedType(typeof(Promised), "promised")]
[JsonDerivedType(typeof(Decided), "decided")]
[JsonDerivedType(typeof(Closed), "closed")]
[JsonDerivedType(typeof(RepairBegun), "repair-begun")]
[JsonDerivedType(typeof(Repaired), "repaired")]
[JsonDerivedType(typeof(Verified), "verified")]
[JsonDerivedType(typeof(VersionLost), "version-lost")]
[JsonDerivedType(typeof(Deleted), "deleted")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(Stopped), "stopped")]
internal abstract record JournalRecord
{
    private JournalRecord() { }

    /// <summary>An empty replica was made; without a version when a repair is going to fill it.</summary>
    public sealed record Created(CommandToken Token, ReplicaVersion? Version, string? Checksum, string DefaultBranch)
        : JournalRecord;

    /// <summary>A token higher than all before was seen on a command that changed nothing else.</summary>
    public sealed record TokenSeen(CommandToken Token, TransactionId? Transaction) : JournalRecord;

    /// <summary>
    /// A git child is about to touch ref locks. Noted, not flushed: it must outlive the agent, not a boot.
    /// </summary>
    public sealed record Intended(TransactionId? Transaction, GitChild Child) : JournalRecord;

    /// <summary>A write was prepared; its vote leaves only after this is durable.</summary>
    public sealed record Promised(OpenPromise Promise) : JournalRecord;

    /// <summary>The open promise was decided: from now on it is only redone.</summary>
    public sealed record Decided(ReplicaVersion Version, string Checksum) : JournalRecord;

    /// <summary>The open promise is over. Version and checksum are those of the replica from now on.</summary>
    public sealed record Closed(
        TransactionId Transaction, ClosedOutcome Outcome, ReplicaVersion? Version, string? Checksum, DateTimeOffset At)
        : JournalRecord;

    /// <summary>Refs are going to move by repair: no version until it ends.</summary>
    public sealed record RepairBegun(CommandToken Token) : JournalRecord;

    /// <summary>A final repair ended with the expected content.</summary>
    public sealed record Repaired(ReplicaVersion Version, string Checksum, string DefaultBranch) : JournalRecord;

    /// <summary>After an unclean boot the content was found equal to the stored checksum.</summary>
    public sealed record Verified : JournalRecord;

    /// <summary>The content is not what the journal says: the replica has no version until it is repaired.</summary>
    public sealed record VersionLost(string Reason) : JournalRecord;

    /// <summary>The replica is gone; its highest token stays.</summary>
    public sealed record Deleted(CommandToken Token) : JournalRecord;

    /// <summary>The role started, on this boot of the machine. Names no replica.</summary>
    public sealed record Started(string BootId) : JournalRecord;

    /// <summary>The role stopped in order. Names no replica.</summary>
    public sealed record Stopped : JournalRecord;
}

/// <summary>A record and the replica it is about; null for the role as a whole.</summary>
internal sealed record JournalEntry(RepositoryId? Repository, JournalRecord Record);

/// <summary>How a promise ended.</summary>
internal enum ClosedOutcome
{
    /// <summary>Never written.</summary>
    Unknown,

    /// <summary>Decided and applied.</summary>
    Committed,

    /// <summary>Undone.</summary>
    Aborted,

    /// <summary>Decided, but the refs held something else: the version is none and the replica needs repair.</summary>
    Diverged,
}

/// <summary>
/// A git process by identity: pids are reused, so its start time and the machine's boot belong to it.
/// </summary>
internal sealed record GitChild(int Pid, long StartTicks, string BootId);

/// <summary>The decision that an open promise is to be redone to.</summary>
internal sealed record PromiseDecision(ReplicaVersion Version, string Checksum);

/// <summary>A promise as it stands in the journal.</summary>
/// <param name="Transaction">The write.</param>
/// <param name="Token">Token of its prepare.</param>
/// <param name="Base">The version it was prepared on.</param>
/// <param name="Updates">In ordinal order of their names.</param>
/// <param name="HasPack">Whether a quarantine of this transaction holds objects for it.</param>
/// <param name="Checksum">Content checksum after it.</param>
/// <param name="Child">The git process that holds the ref locks.</param>
/// <param name="Decision">Set once the decision is known.</param>
internal sealed record OpenPromise(
    TransactionId Transaction, CommandToken Token, ReplicaVersion Base, ImmutableArray<RefUpdate> Updates, bool HasPack,
    string Checksum, GitChild Child, PromiseDecision? Decision = null);

/// <summary>A promise that is over, kept for a day.</summary>
internal sealed record ClosedPromise(
    TransactionId Transaction, ReplicaVersion Base, ClosedOutcome Outcome, ReplicaVersion? Version, DateTimeOffset At);

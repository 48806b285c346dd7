using System.Collections.Immutable;
using System.Diagnostics;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>What the journal says of one replica: the only truth about it besides git's own files.</summary>
internal sealed record ReplicaState
{
    /// <summary>Closed promises are kept this long, for questions about old outcomes.</summary>
    public static readonly TimeSpan ClosedKept = TimeSpan.FromHours(24);

    /// <summary>At most this many are kept, so that a hot repository doesn't fill memory and snapshots.</summary>
    public const int ClosedMax = 4096;

    /// <summary>A replica nobody ever spoke of.</summary>
    public static ReplicaState None { get; } = new();

    public bool Exists { get; init; }
    public ReplicaVersion? Version { get; init; }
    public string? Checksum { get; init; }
    public string? DefaultBranch { get; init; }
    public CommandToken HighestToken { get; init; }

    /// <summary>The transaction whose command brought the highest token, if one did: it may be repeated.</summary>
    public TransactionId? HighestBy { get; init; }

    public OpenPromise? Open { get; init; }

    /// <summary>The last git child that may hold ref locks.</summary>
    public GitChild? Child { get; init; }

    /// <summary>Whether the machine lost power since the content was last known good.</summary>
    public bool IsSuspect { get; init; }

    public ImmutableList<ClosedPromise> Closed { get; init; } = [];

    /// <summary>Whether the replica once held this version and only moved on from it by decided writes.</summary>
    public bool HasPassed(ReplicaVersion version) =>
        Version is not null
        && Closed.Any(c => c.Outcome is ClosedOutcome.Committed && (c.Base == version || c.Version == version));

    /// <summary>The replica's report for the wire.</summary>
    public ReplicaReport ToReport() => new(
        Exists, Version, Checksum, HighestToken,
        Open is { } o ? new OpenEntry(o.Transaction, o.Token, o.Base, o.Decision is not null) : null);

    /// <summary>What is known of one write.</summary>
    public EntryReport ToEntryReport(TransactionId transaction)
    {
        if (Open is { } open && open.Transaction == transaction)
            return open.Decision is { } decision
                ? new EntryReport(EntryOutcome.Committed, decision.Version.Generation)
                : new EntryReport(EntryOutcome.Open, null);
        // The last word counts: a write may be undone here and prepared again.
        return Closed.LastOrDefault(c => c.Transaction == transaction) switch
        {
            { Outcome: ClosedOutcome.Committed } closed =>
                new EntryReport(EntryOutcome.Committed, closed.Version?.Generation),
            { Outcome: ClosedOutcome.Aborted } => new EntryReport(EntryOutcome.Undone, null),
            { Outcome: ClosedOutcome.Diverged } => new EntryReport(EntryOutcome.Committed, null),
            _ when Version?.Transaction == transaction =>
                new EntryReport(EntryOutcome.Committed, Version?.Generation),
            _ => new EntryReport(EntryOutcome.Unknown, null),
        };
    }

    /// <summary>
    /// The state after a record. Pure and total: a record that can't follow this state is a corrupt journal.
    /// </summary>
    public ReplicaState Apply(JournalRecord record) => record switch
    {
        JournalRecord.Created r => Raised(r.Token, null) with
        {
            Exists = true, Version = r.Version, Checksum = r.Checksum, DefaultBranch = r.DefaultBranch, Open = null,
            IsSuspect = false,
        },
        JournalRecord.TokenSeen r => Raised(r.Token, r.Transaction),
        JournalRecord.Intended r => this with { Child = r.Child },
        JournalRecord.Promised r => Raised(r.Promise.Token, r.Promise.Transaction) with { Open = r.Promise },
        JournalRecord.Decided r => this with
        {
            Open = OpenOrCorrupt(record) with { Decision = new PromiseDecision(r.Version, r.Checksum) },
        },
        JournalRecord.Closed r => this with
        {
            Version = r.Version, Checksum = r.Checksum, Open = null,
            Closed = Kept(r.At).Add(new ClosedPromise(
                r.Transaction, OpenOrCorrupt(record).Base, r.Outcome, r.Version, r.At)),
        },
        JournalRecord.RepairBegun r => Raised(r.Token, null) with { Version = null, Checksum = null },
        JournalRecord.Repaired r => this with
        {
            Version = r.Version, Checksum = r.Checksum, DefaultBranch = r.DefaultBranch, IsSuspect = false,
        },
        JournalRecord.Verified => this with { IsSuspect = false },
        JournalRecord.VersionLost => this with { Version = null, Checksum = null, IsSuspect = false },
        JournalRecord.Deleted r => None.Raised(r.Token > HighestToken ? r.Token : HighestToken, null),
        _ => throw new UnreachableException($"No rule for {record.GetType().Name} on a replica."),
    };

    private ReplicaState Raised(CommandToken token, TransactionId? by) =>
        token < HighestToken ? this : this with { HighestToken = token, HighestBy = by };

    private OpenPromise OpenOrCorrupt(JournalRecord record) =>
        Open ?? throw new JournalCorruptException($"{record.GetType().Name} without an open promise.");

    private ImmutableList<ClosedPromise> Kept(DateTimeOffset now)
    {
        var kept = Closed;
        while (kept.Count > 0 && (kept.Count >= ClosedMax || now - kept[0].At > ClosedKept)) kept = kept.RemoveAt(0);
        return kept;
    }
}

using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>One decided write and the content after it.</summary>
internal sealed record LedgerEntry(
    ReplicaVersion Version, ImmutableArray<RefUpdate> Updates, ImmutableSortedDictionary<string, string> Refs,
    string Checksum);

/// <summary>
/// What really happened, seen at the commit point: every decision as the database took it, with the content that
/// follows from it. Checks each row against the last one.
/// </summary>
internal sealed class Ledger(Run run)
{
    private readonly Dictionary<TransactionId, ImmutableArray<RefUpdate>> _asked = [];
    private readonly List<LedgerEntry> _entries = [];
    private long _epoch;

    /// <summary>The decisions in order, with the empty repository first.</summary>
    public IReadOnlyList<LedgerEntry> Entries => _entries;

    /// <summary>The newest; null before the repository exists.</summary>
    public LedgerEntry? Newest => _entries.Count == 0 ? null : _entries[^1];

    /// <summary>A client asks for a write.</summary>
    public void Asked(TransactionId transaction, ImmutableArray<RefUpdate> updates) => _asked[transaction] = updates;

    /// <summary>Place of a version in the order; -1 when it was never decided.</summary>
    public int IndexOf(ReplicaVersion version) => _entries.FindIndex(e => e.Version == version);

    /// <summary>Place of a write in the order; -1 when it was never decided.</summary>
    public int IndexOf(TransactionId transaction) => _entries.FindIndex(e => e.Version.Transaction == transaction);

    /// <summary>Place of the newest version with this content, -1 when there never was such a content.</summary>
    public int LastIndexOf(IReadOnlyDictionary<string, string> refs) =>
        _entries.FindLastIndex(e => e.Refs.Count == refs.Count
            && e.Refs.All(r => refs.GetValueOrDefault(r.Key) == r.Value));

    /// <summary>The row was written.</summary>
    public void RowWritten(RepositoryState row)
    {
        if (row.Epoch < _epoch) run.Violation($"the epoch went from {_epoch} back to {row.Epoch}");
        _epoch = row.Epoch;
        if (row.Newest is { } newest && newest.Version != Newest?.Version) Decided(row, newest);
        foreach (var outcome in row.Outcomes)
        {
            var said = outcome.Generation is null ? "aborted" : "committed";
            if (outcome.Generation is null != IndexOf(outcome.Transaction) < 0)
                run.Violation($"the row calls {outcome.Transaction} {said}");
        }

        if (row.Regressed is { } reason)
            run.Violation($"registry-regressed without reason: {reason}");
    }

    private void Decided(RepositoryState row, Decision decision)
    {
        run.Scheduler.Trace.Add("ledger", "decided", decision.Version.ToString());
        run.Done.Count("writes decided");
        if (Newest is not { } before)
        {
            _entries.Add(new LedgerEntry(
                decision.Version, [], ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
                decision.Checksum));
            return;
        }
        if (decision.Version.Generation != before.Version.Generation + 1)
            run.Violation($"generation {decision.Version.Generation} follows {before.Version.Generation}");
        if (IndexOf(decision.Version.Transaction) >= 0)
            run.Violation($"{decision.Version.Transaction} was decided twice");
        if (decision.Voters.Length < ReplicaSet.Quorum(row.Replicas.Length))
            run.Violation($"{decision.Version} was decided with the voters {string.Join(", ", decision.Voters)} only");

        var asked = _asked.GetValueOrDefault(decision.Version.Transaction, []);
        var updates = SubsetOf(asked, decision.UpdatesHash);
        if (updates is not { } taken)
        {
            run.Violation($"{decision.Version} was decided with updates that nobody asked for");
            return;
        }
        var refs = before.Refs.ToBuilder();
        foreach (var update in taken)
        {
            if (before.Refs.GetValueOrDefault(update.Name, RefUpdate.Zero) != update.Old)
                run.Violation($"{decision.Version} moves {update.Name}, which is not at {update.Old}");
            if (update.IsDelete) refs.Remove(update.Name);
            else refs[update.Name] = update.New;
        }
        var checksum = RefChecksum.Parse(before.Checksum).After(taken).ToString();
        if (checksum != decision.Checksum) run.Violation($"{decision.Version} has the checksum {decision.Checksum}");
        _entries.Add(new LedgerEntry(decision.Version, taken, refs.ToImmutable(), checksum));
    }

    // A push that is not atomic may lose some of its refs; the decision's hash says which are left.
    private static ImmutableArray<RefUpdate>? SubsetOf(ImmutableArray<RefUpdate> asked, string hash)
    {
        for (var mask = (1 << asked.Length) - 1; mask > 0; mask--)
        {
            ImmutableArray<RefUpdate> subset = [.. asked.Where((_, i) => (mask >> i & 1) == 1)];
            if (RowChange.HashOf(subset) == hash) return subset;
        }
        return null;
    }
}

using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Microsoft.Extensions.Logging;

namespace Aedile.Grains.Repositories;

/// <summary>
/// The one write loop of a repository's row. Readers see <see cref="Durable"/> only: the last state that is known to be
/// in the database. After a failed write nothing is known, so the activation ends and the next one reads the truth.
/// </summary>
internal sealed class RepositoryRow(
    IPersistentState<RepositoryState> store, RepositoryId id, ILogger log, Action deactivate)
{
    private readonly TurnQueue _writes = new();
    private readonly Dictionary<NodeName, ReplicaReport> _reports = [];
    private readonly Dictionary<NodeName, long> _doubtedAt = [];
    private readonly HashSet<TransactionId> _givenUp = [];
    private long _sequence;
    private long _moment;

    /// <summary>The last durable state.</summary>
    public RepositoryState Durable { get; private set; } = store.State;

    /// <summary>The repository.</summary>
    public RepositoryId Id => id;

    /// <summary>Whether a write failed: then this activation decides nothing more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>
    /// The next token of this activation. None after a failed write: it may have decided, and a command that rests on
    /// the row before it would have the voters undo their promises.
    /// </summary>
    /// <exception cref="InvalidOperationException">The row is lost; the activation is ending.</exception>
    public CommandToken NextToken() => IsBroken ? throw Lost() : new(Durable.Epoch, ++_sequence);

    /// <summary>What the replica last said of itself since the last doubt; null when nothing.</summary>
    public ReplicaReport? Seen(NodeName node) => _reports.GetValueOrDefault(node);

    /// <summary>The moment of a question to a replica; its answer is heard with it.</summary>
    public long AskNow() => ++_moment;

    /// <summary>Takes a report; it becomes durable with the next write.</summary>
    /// <returns>False if it was asked for before the last doubt, and so says nothing any more.</returns>
    public bool Observe(NodeName node, long askedAt, ReplicaReport report)
    {
        if (askedAt < _doubtedAt.GetValueOrDefault(node)) return false;
        _reports[node] = report;
        return true;
    }

    /// <summary>Doubts what the replica said, or is about to say to an earlier question: it may have changed.</summary>
    public void Forget(NodeName node)
    {
        _doubtedAt[node] = ++_moment;
        _reports.Remove(node);
    }

    /// <summary>Gives a write up that this activation never attempted to decide.</summary>
    public void GiveUp(TransactionId transaction) => _givenUp.Add(transaction);

    /// <summary>Whether this activation gave the write up.</summary>
    public bool HasGivenUp(TransactionId transaction) => _givenUp.Contains(transaction);

    /// <summary>
    /// Writes a change, with all that was reported and given up since the last write, by compare-and-set.
    /// </summary>
    /// <param name="change">Pure; gets the newest durable row.</param>
    /// <exception cref="Exception">The write failed or is ambiguous; the activation is ending.</exception>
    public async Task Write(Func<RepositoryState, RepositoryState> change)
    {
        using var turn = await _writes.Enter();
        if (IsBroken) throw Lost();
        var gaveUp = _givenUp.ToList();
        var before = Durable;
        foreach (var (node, report) in _reports) before = RowChange.Fold(before, node, report);
        var after = change(RowChange.GiveUp(before, gaveUp));
        if (ReferenceEquals(after, Durable)) return;

        store.State = after;
        try
        {
            await store.WriteStateAsync();
        }
        catch (Exception error)
        {
            IsBroken = true;
            log.SaveFailed(error, id);
            deactivate();
            throw;
        }
        // A voter's earlier report says nothing of the promise that this write turned into a decision.
        if (after.Newest != before.Newest)
            foreach (var voter in after.Newest?.Voters ?? []) Forget(voter);
        _givenUp.ExceptWith(gaveUp);
        Durable = after;
    }

    /// <summary>
    /// Reads the row again: is another activation ahead of this one? If so, this one must never write again, since it
    /// now knows the other's ETag.
    /// </summary>
    public async Task<long> ReadEpochAgain()
    {
        using var turn = await _writes.Enter();
        await store.ReadStateAsync();
        IsBroken |= store.State.Epoch != Durable.Epoch;
        return store.State.Epoch;
    }

    private InvalidOperationException Lost() => new($"Repository {id} lost its row; another activation goes on.");
}

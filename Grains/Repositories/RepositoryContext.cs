using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Microsoft.Extensions.Logging;

namespace Aedile.Grains.Repositories;

/// <summary>
/// What the parts of one repository's coordinator share: the row, the order of writes, and its nodes.
/// </summary>
internal sealed class RepositoryContext(
    RepositoryRow row, IStorageNodes nodes, RepositoryOptions options, TimeProvider clock, ICrashPoints points,
    ILogger log, Action deactivate, Action settle)
{
    /// <summary>The row and what the replicas report.</summary>
    public RepositoryRow Row => row;

    /// <summary>How nodes are reached.</summary>
    public IStorageNodes Nodes => nodes;

    /// <summary>Limits.</summary>
    public RepositoryOptions Options => options;

    /// <summary>Time.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Where a test may stop the process.</summary>
    public ICrashPoints Points => points;

    /// <summary>The grain's log.</summary>
    public ILogger Log => log;

    /// <summary>One write at a time past this point: the first whose turn is of use.</summary>
    public TurnQueue Order { get; } = new();

    /// <summary><see cref="Order"/>, for whose turn may come too early.</summary>
    public PatientQueue PatientOrder => new(Order, clock);

    /// <summary>Pushes between their begin and their end.</summary>
    public PushesUnderWay Pushes { get; } = new(clock);

    /// <summary>The joining replicas: every new push is staged to them too.</summary>
    public HashSet<NodeName> Joining { get; } = [];

    /// <summary>Asks the background work to look again, soon.</summary>
    public void Settle() => settle();

    /// <summary>The replicas as they are known now.</summary>
    public ImmutableArray<ReplicaFacts> Facts() =>
        [.. row.Durable.Replicas.Select(r => new ReplicaFacts(r, row.Seen(r.Node), nodes.IsHealthy(r.Node)))];

    /// <summary>The up-to-date, healthy nodes in order of preference.</summary>
    public ImmutableArray<NodeName> Serving() => ReplicaSet.Serving(row.Durable, Facts());

    /// <summary>The newest decision, if <paramref name="node"/> promised it and may still have to redo it.</summary>
    public DecisionNotice? NoticeFor(NodeName node) =>
        row.Durable.Replicas.FirstOrDefault(r => r.Node == node)?.Decided is { } decided
        && decided.Version == row.Durable.Newest?.Version
            ? decided
            : null;

    /// <summary>
    /// The gateway gives a push up before it was ordered: what was staged is dropped at once, not at the lease's end.
    /// One whose decision is attempted runs its course.
    /// </summary>
    public void Forsake(TransactionId transaction)
    {
        if (Pushes.Forsake(transaction) is not { } staged) return;
        row.GiveUp(transaction);
        if (row.IsBroken) return;
        var token = row.NextToken();
        foreach (var node in staged) _ = Abort(node, transaction, token);
    }

    /// <summary>Takes a replica's report, and draws the line when the row can't account for it.</summary>
    public async Task Heard(NodeName node, long askedAt, ReplicaReport report)
    {
        var durable = row.Durable;
        if (durable.Replicas.FirstOrDefault(r => r.Node == node) is not { } replica) return;
        if (report.HighestToken.Epoch > durable.Epoch)
        {
            await Fenced(node, report.HighestToken.Epoch);
            return;
        }
        if (row.Observe(node, askedAt, report) && !ReplicaSet.Explains(durable, replica, report))
            await Regress($"{node} reports version {report.Version}, which the row can't explain");
    }

    /// <summary>Tells a node to drop a write. A node that can't be told asks by itself.</summary>
    public async Task Abort(NodeName node, TransactionId transaction, CommandToken token)
    {
        var askedAt = row.AskNow();
        try
        {
            var reply = await nodes.Abort(node, row.Id, new AbortWrite(token, transaction), CancellationToken.None);
            await Heard(node, askedAt, reply.Report);
        }
        catch (StorageNodeException error)
        {
            log.NodeSilent(row.Id, node, error.Message);
        }
    }

    /// <summary>Asks a node for its report.</summary>
    /// <returns>Whether it answered.</returns>
    public async Task<bool> Ask(NodeName node)
    {
        var askedAt = row.AskNow();
        try
        {
            await Heard(node, askedAt, await nodes.Report(node, row.Id, CancellationToken.None));
            return true;
        }
        catch (StorageNodeException error)
        {
            log.NodeSilent(row.Id, node, error.Message);
            return false;
        }
    }

    // Either another activation has taken over, or the database went back behind what the agents remember.
    private async Task Fenced(NodeName node, long seen)
    {
        if (row.IsBroken || row.Durable.Regressed is not null) return;
        if (await row.ReadEpochAgain() >= seen)
        {
            log.Fenced(row.Id, node, seen, row.Durable.Epoch);
            deactivate();
            return;
        }
        await Regress($"{node} has seen epoch {seen}, the row's is {row.Durable.Epoch}");
    }

    private async Task Regress(string reason)
    {
        if (row.IsBroken || row.Durable.Regressed is not null) return;
        await row.Write(state => RowChange.Regress(state, reason));
        log.Regressed(row.Id, reason);
    }
}

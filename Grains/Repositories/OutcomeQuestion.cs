using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>Finds out what became of a write: from the row, else from the replicas' journals.</summary>
internal sealed class OutcomeQuestion(RepositoryContext context)
{
    /// <summary>
    /// Never says aborted because nobody knows: a row keeps the last 256 outcomes, and a journal a day's.
    /// </summary>
    public async Task<TransactionView> Ask(TransactionId transaction, CancellationToken cancellation)
    {
        if (context.Row.Durable.Outcomes.FirstOrDefault(o => o.Transaction == transaction) is { } known)
            return new TransactionView(
                known.Generation is null ? TransactionOutcome.Aborted : TransactionOutcome.Committed, known.Generation);
        if (context.Pushes.Contains(transaction)) return new TransactionView(TransactionOutcome.Pending, null);
        if (context.Row.HasGivenUp(transaction)) return new TransactionView(TransactionOutcome.Aborted, null);

        var asked = context.Row.Durable.Replicas.Where(r => context.Nodes.IsHealthy(r.Node));
        var answers = await Task.WhenAll(asked.Select(r => AskNode(r.Node, transaction, cancellation)));
        if (answers.FirstOrDefault(a => a?.Outcome is EntryOutcome.Committed) is { } committed)
            return new TransactionView(TransactionOutcome.Committed, committed.Generation);
        return new TransactionView(
            answers.Any(a => a?.Outcome is EntryOutcome.Open) ? TransactionOutcome.Pending : TransactionOutcome.Unknown,
            null);
    }

    private async Task<EntryReport?> AskNode(
        NodeName node, TransactionId transaction, CancellationToken cancellation)
    {
        try
        {
            return await context.Nodes.Entry(node, context.Row.Id, transaction, cancellation);
        }
        catch (StorageNodeException error)
        {
            context.Log.NodeSilent(context.Row.Id, node, error.Message);
            return null;
        }
    }
}

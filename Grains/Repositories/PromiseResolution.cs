using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Grains.Repositories;

/// <summary>What becomes of a replica's promise. Pure; answers rest on the durable row only.</summary>
internal static class PromiseResolution
{
    /// <summary>
    /// Committed when the row names this replica's vote; aborted when it never can: an older epoch's decision would
    /// have lost its compare-and-set, and what this activation gave up, or decided without the replica, stays so.
    /// </summary>
    /// <param name="row">The durable row of this activation.</param>
    /// <param name="question">The promise.</param>
    /// <param name="givenUp">Whether this activation gave the write up without ever attempting to decide it.</param>
    public static ResolveReply Resolve(RepositoryState row, ResolveQuestion question, bool givenUp)
    {
        var decided = row.Replicas.FirstOrDefault(r => r.Node == question.Node)?.Decided;
        if (decided is not null && decided.Version.Transaction == question.Transaction && decided.Base == question.Base)
            return new ResolveReply(
                PromiseOutcome.Committed, new DecisionNoticeView(decided.Version, decided.Base, decided.Checksum));

        // A row that is older than the replicas may have forgotten the decision.
        if (row.Regressed is not null || question.Token.Epoch > row.Epoch) return new(PromiseOutcome.Pending, null);

        var without = row.Outcomes.Any(o => o.Transaction == question.Transaction);
        return new ResolveReply(
            question.Token.Epoch < row.Epoch || givenUp || without ? PromiseOutcome.Aborted : PromiseOutcome.Pending,
            null);
    }
}

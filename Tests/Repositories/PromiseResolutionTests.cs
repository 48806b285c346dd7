using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Grains.Repositories;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories;

/// <summary>Goal: each sentence of step 10 about what a replica is told of its promise.</summary>
public sealed class PromiseResolutionTests
{
    private readonly RepositoryState _row = Active();

    private static PromiseOutcome Ask(
        RepositoryState row, int node, int transaction, ReplicaVersion baseVersion, long epoch = 1,
        bool givenUp = false) =>
        PromiseResolution.Resolve(
            row,
            new ResolveQuestion(Node(node), Transaction(transaction), new CommandToken(epoch, 1), baseVersion),
            givenUp)
            .Outcome;

    [Fact]
    public void A_voter_redoes_and_another_replica_undoes_the_same_write()
    {
        var first = _row.Newest!.Version;
        var row = _row.Decided(7, 1, 2);

        Assert.Equal(PromiseOutcome.Committed, Ask(row, 1, 7, first));
        Assert.Equal(PromiseOutcome.Aborted, Ask(row, 3, 7, first));
    }

    [Fact]
    public void A_voter_at_another_base_is_not_told_to_redo()
    {
        var row = _row.Decided(7, 1, 2);

        Assert.NotEqual(PromiseOutcome.Committed, Ask(row, 1, 7, new ReplicaVersion(9, Transaction(9))));
    }

    [Fact]
    public void A_slow_voter_still_redoes_after_later_decisions_without_it()
    {
        var first = _row.Newest!.Version;
        var row = _row.Decided(7, 1, 2).Decided(8, 1, 3).Decided(9, 1, 3);

        Assert.Equal(PromiseOutcome.Committed, Ask(row, 2, 7, first));
    }

    [Fact]
    public void A_promise_of_this_epoch_is_pending_until_it_is_given_up()
    {
        Assert.Equal(PromiseOutcome.Pending, Ask(_row, 1, 7, _row.Newest!.Version));
        Assert.Equal(PromiseOutcome.Aborted, Ask(_row, 1, 7, _row.Newest!.Version, givenUp: true));
    }

    [Fact]
    public void A_promise_of_an_older_epoch_that_no_decision_names_is_aborted()
    {
        var row = RowChange.RaiseEpoch(_row);

        Assert.Equal(PromiseOutcome.Aborted, Ask(row, 1, 7, row.Newest!.Version, epoch: 1));
    }

    [Fact]
    public void A_row_that_went_back_never_answers_aborted()
    {
        var row = RowChange.Regress(RowChange.RaiseEpoch(_row), "test");

        Assert.Equal(PromiseOutcome.Pending, Ask(row, 1, 7, row.Newest!.Version, epoch: 1));
        Assert.Equal(PromiseOutcome.Pending, Ask(_row, 1, 7, _row.Newest!.Version, epoch: 5));
    }
}

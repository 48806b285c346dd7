using System.Text.Json;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using FsCheck;
using FsCheck.Fluent;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories;

public sealed class RowChangeTests
{
    [Fact]
    public void A_decision_keeps_each_replica_s_last_promise_until_the_replica_itself_reports_it_applied()
    {
        var row = Active().Decided(7, 1, 2, 3).Decided(8, 1, 2);

        Assert.Equal(Transaction(7), row.Replicas[2].Decided!.Version.Transaction);
        row = RowChange.Fold(row, Node(3), Report(row.Replicas[2].Decided!.Version, "x"));
        Assert.Null(row.Replicas[2].Decided);
        Assert.Equal(1, row.Replicas[2].Applied!.Value.Generation);
    }

    [Fact]
    public void A_replica_that_reports_no_promise_for_its_vote_has_lost_its_disk()
    {
        var row = Active().Decided(7, 1, 2, 3);

        row = RowChange.Fold(row, Node(3), new ReplicaReport(false, null, null, default, null));

        Assert.Null(row.Replicas[2].Decided);
        Assert.Null(row.Replicas[2].Applied);
    }

    [Fact]
    public void A_report_that_says_nothing_new_changes_nothing()
    {
        var row = Active();

        Assert.Same(row, RowChange.Fold(row, Node(1), row.ReportNewest()));
    }

    [Fact]
    public void A_repair_is_allowed_before_it_runs_and_ends_distrust_when_it_is_done()
    {
        var row = RowChange.Distrust(Active(), [Node(2)]);
        Assert.False(ReplicaSet.IsUpToDate(row, row.Facts(2, row.ReportNewest())));

        row = RowChange.Repaired(RowChange.AllowRepair(row, Node(2)), Node(2));

        Assert.True(ReplicaSet.IsUpToDate(row, row.Facts(2)));
    }

    [Fact]
    public void The_row_keeps_the_last_256_outcomes()
    {
        var row = Enumerable.Range(1, 300).Aggregate(Active(), (r, n) => r.Decided(n, 1, 2));

        Assert.Equal(256, row.Outcomes.Length);
        Assert.Equal(new KnownOutcome(Transaction(300), 300), row.Outcomes[^1]);
    }

    [Fact]
    public void A_row_survives_its_way_through_the_database()
    {
        var row = RowChange.AllowRepair(Active().Decided(7, 1, 2), Node(3));

        var back = JsonSerializer.Deserialize<RepositoryState>(JsonSerializer.Serialize(row))!;

        Assert.Equal(JsonSerializer.Serialize(row), JsonSerializer.Serialize(back));
        Assert.Equal(row.Newest!.Version, back.Newest!.Version);
    }

    [Fact]
    public void Whatever_is_decided_at_least_a_quorum_is_up_to_date_and_the_generation_only_grows()
    {
        var voters = Gen.SubListOf<int>(1, 2, 3).Where(v => v.Count >= 2);

        Prop.ForAll(voters.ListOf().ToArbitrary(), rounds =>
        {
            var row = Active();
            foreach (var (transaction, round) in rounds.Index())
            {
                var after = row.Decided(transaction + 1, [.. round]);
                var upToDate = after.Replicas.Count(r => ReplicaSet.IsUpToDate(after, new ReplicaFacts(r, null, true)));
                if (upToDate != round.Count || after.Newest!.Version.Generation != row.Newest!.Version.Generation + 1)
                    return false;
                row = after;
            }
            return true;
        }).QuickCheckThrowOnFailure();
    }
}

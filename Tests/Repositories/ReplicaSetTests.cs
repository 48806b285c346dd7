using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Grains.Repositories;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories;

public sealed class ReplicaSetTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    public void Any_two_quorums_share_a_replica(int assigned, int quorum)
    {
        Assert.Equal(quorum, ReplicaSet.Quorum(assigned));
        Assert.True(2 * quorum > assigned);
    }

    [Fact]
    public void After_a_decision_only_its_voters_are_up_to_date()
    {
        var row = Active().Decided(7, 1, 2);

        Assert.True(ReplicaSet.IsUpToDate(row, row.Facts(1)));
        Assert.False(ReplicaSet.IsUpToDate(row, row.Facts(3)));
    }

    [Fact]
    public void A_replica_s_own_report_rules_over_the_row()
    {
        var row = Active().Decided(7, 1, 2);
        var lost = new ReplicaReport(Exists: false, null, null, default, null);

        Assert.False(ReplicaSet.IsUpToDate(row, row.Facts(1, lost)));
        Assert.True(ReplicaSet.IsUpToDate(row, row.Facts(3, row.ReportNewest())));
    }

    [Fact]
    public void A_voter_that_still_holds_its_promise_is_up_to_date_and_a_reader_waits_for_it()
    {
        var before = Active();
        var row = before.Decided(7, 1, 2);
        var open = new OpenEntry(Transaction(7), new CommandToken(1, 1), before.Newest!.Version, Decided: false);

        Assert.True(ReplicaSet.IsUpToDate(
            row, row.Facts(1, Report(before.Newest.Version, before.Newest.Checksum, open))));
        Assert.False(ReplicaSet.IsUpToDate(
            row, row.Facts(3, Report(before.Newest.Version, before.Newest.Checksum, open))));
    }

    [Fact]
    public void The_newest_version_with_another_checksum_is_not_up_to_date()
    {
        var row = Active();
        var other = RefChecksum.OfEmpty("refs/heads/other").ToString();

        Assert.False(ReplicaSet.IsUpToDate(row, row.Facts(1, Report(row.Newest!.Version, other))));
    }

    [Fact]
    public void The_first_healthy_up_to_date_replica_in_order_of_preference_is_the_primary()
    {
        var row = Active().Decided(7, 2, 3);

        Assert.Equal([Node(3)], ReplicaSet.Serving(row, [row.Facts(1), row.Facts(2, healthy: false), row.Facts(3)]));
    }

    [Fact]
    public void Without_a_healthy_up_to_date_replica_nothing_is_served_and_with_too_few_only_reads_are()
    {
        var row = Active().Decided(7, 1, 2);

        Assert.Equal(Availability.DataLoss, ReplicaSet.ForRead(row, [row.Facts(3)]));
        Assert.Equal(Availability.Available, ReplicaSet.ForRead(row, [row.Facts(1), row.Facts(3)]));
        Assert.Equal(Availability.TooFewReplicas, ReplicaSet.ForWrite(row, [row.Facts(1), row.Facts(3)]));
        Assert.Equal(Availability.Available, ReplicaSet.ForWrite(row, [row.Facts(1), row.Facts(2)]));
    }

    [Fact]
    public void A_version_that_no_decision_made_shows_that_the_database_went_back()
    {
        var row = Active();
        var ahead = row.Decided(7, 1, 2).Decided(8, 1, 2).Newest!.Version;

        Assert.False(ReplicaSet.Explains(row, row.Replicas[0], Report(ahead, "x")));
        Assert.True(ReplicaSet.Explains(row with { LossFloor = 3 }, row.Replicas[0], Report(ahead, "x")));
        Assert.True(ReplicaSet.Explains(row, row.Replicas[0], Report(row.Newest!.Version, row.Newest.Checksum)));
        Assert.True(ReplicaSet.Explains(row, row.Replicas[0], Report(null, null)));
    }

    [Fact]
    public void A_replica_may_report_its_first_version_before_the_creation_is_decided()
    {
        var creating = Active() with { Status = RepositoryStatus.Creating, Newest = null };

        Assert.True(ReplicaSet.Explains(
            creating, creating.Replicas[0] with { Applied = null }, Report(RowChange.FirstVersion(Id), "x")));
    }

    [Fact]
    public void An_older_version_that_a_decision_made_is_only_outdated()
    {
        var row = Active().Decided(7, 1, 2).Decided(8, 1, 2);

        Assert.True(ReplicaSet.Explains(row, row.Replicas[2], Report(new ReplicaVersion(1, Transaction(7)), "x")));
        Assert.False(ReplicaSet.Explains(row, row.Replicas[2], Report(new ReplicaVersion(1, Transaction(8)), "x")));
    }
}

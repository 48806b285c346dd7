using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories;

public sealed class RepairPlanTests
{
    [Fact]
    public void Nothing_is_left_to_do_when_every_replica_reports_the_newest_version()
    {
        var row = Active().Decided(7, 1, 2, 3);
        var plan = RepairPlan.For(row, [.. Nodes.Select((_, i) => row.Facts(i + 1, row.ReportNewest()))], _ => true);

        Assert.True(plan.IsSettled);
        Assert.Empty(plan.Ask);
        Assert.Empty(plan.Repair);
    }

    [Fact]
    public void A_voter_that_holds_its_promise_is_asked_until_it_has_applied_it()
    {
        var before = Active();
        var row = before.Decided(7, 1, 2, 3);
        var open = new OpenEntry(Transaction(7), new CommandToken(1, 1), before.Newest!.Version, Decided: false);
        var holds = row.Facts(3, Report(before.Newest.Version, before.Newest.Checksum, open));
        var plan = RepairPlan.For(
            row, [row.Facts(1, row.ReportNewest()), row.Facts(2, row.ReportNewest()), holds], _ => true);

        Assert.False(plan.IsSettled);
        Assert.Equal([Node(3)], plan.Ask);
        Assert.Empty(plan.Repair);
    }

    [Fact]
    public void An_outdated_replica_is_repaired_unless_the_row_went_back()
    {
        var before = Active();
        var row = before.Decided(7, 1, 2);
        ReplicaFacts[] facts =
        [
            row.Facts(1, row.ReportNewest()), row.Facts(2, row.ReportNewest()),
            row.Facts(3, Report(before.Newest!.Version, before.Newest.Checksum)),
        ];

        Assert.Equal([Node(3)], RepairPlan.For(row, facts, _ => true).Repair);
        Assert.Empty(RepairPlan.For(row, facts, _ => false).Repair);
        var regressed = RepairPlan.For(row with { Regressed = "went back" }, facts, _ => true);
        Assert.Empty(regressed.Repair);
        Assert.True(regressed.IsSettled);
    }
}

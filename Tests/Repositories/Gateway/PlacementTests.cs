using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Silo.Gateway.Repositories;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Repositories.Gateway;

public sealed class PlacementTests
{
    private static readonly NodeName[] Five = [.. Enumerable.Range(1, 5).Select(i => NodeName.Parse($"node-{i}"))];

    private static RepositoryId Id(Guid value) => RepositoryId.From(value);

    [Fact]
    public void The_same_repository_gets_the_same_nodes_in_whatever_order_they_are_listed()
    {
        Prop.ForAll(ArbMap.Default.GeneratorFor<Guid>().ToArbitrary(), guid =>
        {
            var chosen = Placement.Choose(Id(guid), Five, _ => true, 3);
            Assert.Equal(chosen, Placement.Choose(Id(guid), Five.Reverse(), _ => true, 3));
            Assert.Equal(3, chosen.Distinct().Count());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_node_more_takes_its_share_and_moves_nothing_else()
    {
        Prop.ForAll(ArbMap.Default.GeneratorFor<Guid>().ToArbitrary(), guid =>
        {
            var before = Placement.Choose(Id(guid), Five[..4], _ => true, 3);
            var after = Placement.Choose(Id(guid), Five, _ => true, 3);
            Assert.Subset(before.Append(Five[4]).ToHashSet(), after.ToHashSet());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Healthy_nodes_come_first_and_others_only_when_there_are_too_few()
    {
        var id = Id(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        bool IsHealthy(NodeName node) => node == Five[0] || node == Five[3];
        var chosen = Placement.Choose(id, Five, IsHealthy, 3);
        Assert.Equal([Five[0], Five[3]], chosen[..2].Order());
        Assert.Equal(3, chosen.Length);
    }

    [Fact]
    public void Load_spreads_evenly()
    {
        var random = new Random(1);
        var ids = Enumerable.Range(0, 5000).Select(_ => Id(RandomGuid(random)));
        var counts = ids.SelectMany(id => Placement.Choose(id, Five, _ => true, 1)).CountBy(n => n).ToList();
        Assert.All(counts, count => Assert.InRange(count.Value, 850, 1150));
    }

    private static Guid RandomGuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}

namespace Aedile.Tests.Engine.Membership;

/// <summary>Goal: a silo that alone can't reach the table keeps no grain from being served, and stays.</summary>
public sealed class SettingAsideTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Its_grains_live_elsewhere_until_it_reaches_the_table_again(int silos)
    {
        var fleet = TestFleet.Of(silos);
        fleet.Run(TimeSpan.FromSeconds(5));
        var cut = fleet.Members[1];
        cut.IsCutFromTable = true;
        var took = fleet.RunUntil(
            () => fleet.Members.All(one => one.View.Active.Count() == silos - 1), TimeSpan.FromSeconds(4));
        Assert.InRange(took, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3.5));
        Assert.All(fleet.Members, one => Assert.DoesNotContain(cut.Self, one.Router.Hosts.Silos));

        // As long as it lasts: it answers probes, so it isn't dead, however old its beat is.
        fleet.Run(5 * Minute);
        Assert.All(fleet.Members, one => Assert.Null(one.EndedBecause));
        cut.IsCutFromTable = false;
        fleet.RunUntil(
            () => fleet.Members.All(one => one.View.Active.Count() == silos), TimeSpan.FromSeconds(1));
        Assert.Empty(fleet.Table.Current.Find(cut.Self)!.Suspicions);
    }

    [Fact]
    public void While_the_table_is_away_for_all_and_after_it_nobody_is_set_aside()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var fleet = TestFleet.Of(3, seed);
            fleet.Run(TimeSpan.FromSeconds(5));
            var version = fleet.Table.Current.Version;
            foreach (var one in fleet.Members)
            {
                one.IsCutFromTable = true;
                fleet.Run(TimeSpan.FromMilliseconds(30 * seed));
            }

            fleet.Run(TimeSpan.FromSeconds(10));
            foreach (var one in fleet.Members)
            {
                one.IsCutFromTable = false;
                fleet.Run(TimeSpan.FromMilliseconds(10 * seed));
            }

            fleet.Run(Minute);
            Assert.Equal(version, fleet.Table.Current.Version);
        }
    }

    [Fact]
    public void Who_dies_while_it_is_set_aside_is_voted_out()
    {
        var fleet = TestFleet.Of(3);
        fleet.Run(TimeSpan.FromSeconds(5));
        var cut = fleet.Members[1];
        cut.IsCutFromTable = true;
        fleet.Run(TimeSpan.FromSeconds(5));
        cut.Kill();
        fleet.RunUntil(
            () => fleet.Table.Current.StatusOf(cut.Self) == SiloStatus.Dead, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Who_is_set_aside_hears_of_new_views_from_the_others()
    {
        var fleet = TestFleet.Of(3);
        fleet.Run(TimeSpan.FromSeconds(5));
        var cut = fleet.Members[1];
        cut.IsCutFromTable = true;
        fleet.Run(TimeSpan.FromSeconds(5));
        fleet.Start(4);
        fleet.Members[2].Kill();
        fleet.RunUntil(() => cut.View.Version == fleet.Table.Current.Version
            && cut.StatusOf(fleet.Members[2]) == SiloStatus.Dead, TimeSpan.FromSeconds(3));
    }
}

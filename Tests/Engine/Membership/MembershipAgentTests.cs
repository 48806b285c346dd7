using Orleans.Configuration;

namespace Aedile.Tests.Engine.Membership;

/// <summary>Goal: a fleet agrees on who is in it, soon, and whatever happens to one of its silos.</summary>
public sealed class MembershipAgentTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Silos_join_one_after_the_other_and_all_have_the_same_view()
    {
        var fleet = TestFleet.Of(3);
        fleet.Run(TimeSpan.FromMilliseconds(50));
        Assert.All(fleet.Members, member => Assert.Equal(3, member.View.Active.Count()));
        Assert.Single(fleet.Members.Select(member => member.View.Version).Distinct());
    }

    [Fact]
    public void Five_silos_that_start_at_once_all_join()
    {
        var fleet = new TestFleet();
        var joined = Enumerable.Range(1, 5).Select(port =>
        {
            fleet.Begin(port, out var task);
            return task;
        }).ToList();
        fleet.RunUntil(() => joined.TrueForAll(task => task.IsCompletedSuccessfully), Minute);
        Assert.Equal(5, fleet.Table.Current.Active.Count());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_killed_silo_is_dead_for_all_others_within_600_milliseconds(int silos)
    {
        var fleet = TestFleet.Of(silos);
        fleet.Run(TimeSpan.FromSeconds(3));
        var victim = fleet.Members[1];
        victim.Kill();
        var took = fleet.RunUntil(() => OthersSee(fleet, victim, SiloStatus.Dead), Minute);
        Assert.True(took <= TimeSpan.FromMilliseconds(600), $"took {took}");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_silo_that_hangs_is_dead_before_its_lease_is_over_and_ends_when_it_wakes_up(int silos)
    {
        var fleet = TestFleet.Of(silos);
        fleet.Run(TimeSpan.FromSeconds(3));
        var victim = fleet.Members[0];
        fleet.Network.Hang(victim.Self, hangs: true);
        victim.IsCutFromTable = true;
        var took = fleet.RunUntil(() => OthersSee(fleet, victim, SiloStatus.Dead), Minute);
        var longest = TimeSpan.FromSeconds(silos == 2 ? 2.5 : 2.25); // ADR 8 has the arithmetic.
        Assert.True(took <= longest, $"took {took}");

        fleet.Network.Hang(victim.Self, hangs: false);
        victim.IsCutFromTable = false;
        fleet.RunUntil(() => victim.EndedBecause is not null, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_silo_that_is_too_slow_for_probes_stays_because_it_is_heard()
    {
        var fleet = TestFleet.Of(3);
        fleet.Network.Slow(fleet.Members[1].Self, TimeSpan.FromMilliseconds(700));
        fleet.Run(Minute);
        Assert.Equal(3, fleet.Table.Current.Active.Count());
        Assert.All(fleet.Table.Current.Entries, entry => Assert.Empty(entry.Suspicions));
    }

    [Fact]
    public void A_silo_that_can_not_read_that_it_is_dead_hears_it_from_the_others_and_ends()
    {
        var fleet = TestFleet.Of(3);
        fleet.Run(TimeSpan.FromSeconds(3));
        var victim = fleet.Members[1];
        victim.IsCutFromTable = true;
        fleet.Network.Hang(victim.Self, hangs: true);
        fleet.RunUntil(() => OthersSee(fleet, victim, SiloStatus.Dead), Minute);
        fleet.Network.Hang(victim.Self, hangs: false);
        fleet.RunUntil(() => victim.EndedBecause is not null, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_silo_that_only_one_other_does_not_reach_stays()
    {
        var fleet = TestFleet.Of(3);
        fleet.Network.Cut(fleet.Members[0].Self, fleet.Members[1].Self);
        fleet.Run(Minute);
        Assert.Equal(3, fleet.Table.Current.Active.Count());
    }

    [Fact]
    public void A_silo_that_nobody_reaches_is_voted_out_and_ends()
    {
        var fleet = TestFleet.Of(3);
        var lone = fleet.Members[2];
        fleet.Network.Cut(fleet.Members[0].Self, lone.Self);
        fleet.Network.Cut(fleet.Members[1].Self, lone.Self);
        fleet.RunUntil(() => lone.EndedBecause is not null, TimeSpan.FromSeconds(5));
        Assert.Equal([fleet.Members[0].Self, fleet.Members[1].Self],
            fleet.Table.Current.Active.Select(entry => entry.Address));
    }

    [Fact]
    public void Of_two_silos_that_do_not_reach_each_other_exactly_one_survives()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var fleet = TestFleet.Of(2, seed);
            fleet.Network.Cut(fleet.Members[0].Self, fleet.Members[1].Self);
            fleet.Run(TimeSpan.FromSeconds(10));
            Assert.Single(fleet.Table.Current.Active);
            Assert.Single(fleet.Members, member => member.EndedBecause is not null);
        }
    }

    [Fact]
    public void A_silo_that_is_cut_from_the_table_loses_its_lease_after_three_seconds_and_gets_it_back()
    {
        var fleet = TestFleet.Of(3);
        fleet.Run(TimeSpan.FromSeconds(2));
        var cut = fleet.Members[1];
        cut.IsCutFromTable = true;
        var took = fleet.RunUntil(() => !cut.Agent.Lease.IsHeld, Minute);
        Assert.InRange(took, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        Assert.Null(cut.EndedBecause);

        cut.IsCutFromTable = false;
        fleet.RunUntil(
            () => cut.Agent.Lease.IsHeld && cut.View.Active.Count() == 3, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_silo_that_is_cut_from_the_table_can_not_vote_anybody_out()
    {
        var fleet = TestFleet.Of(2);
        fleet.Members[0].IsCutFromTable = true;
        fleet.Run(TimeSpan.FromSeconds(4));
        fleet.Network.Cut(fleet.Members[0].Self, fleet.Members[1].Self);
        fleet.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(SiloStatus.Active, fleet.Table.Current.StatusOf(fleet.Members[1].Self));
        Assert.Equal(SiloStatus.Dead, fleet.Table.Current.StatusOf(fleet.Members[0].Self));
    }

    [Fact]
    public void A_restarted_silo_replaces_its_earlier_start_at_once()
    {
        var fleet = TestFleet.Of(3);
        fleet.Members[2].Kill();
        var again = fleet.Start(3);
        Assert.Equal(SiloStatus.Dead, fleet.Table.Current.StatusOf(fleet.Members[2].Self));
        Assert.Equal(SiloStatus.Active, fleet.Table.Current.StatusOf(again.Self));
        Assert.True(again.Self.Generation > fleet.Members[2].Self.Generation);
    }

    [Fact]
    public void The_older_of_two_silos_with_one_address_ends()
    {
        var fleet = TestFleet.Of(2);
        var older = fleet.Members[1];
        fleet.Start(2);
        fleet.RunUntil(() => older.EndedBecause is not null, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void One_silo_of_a_fleet_that_crashed_as_a_whole_starts_within_seconds()
    {
        var fleet = TestFleet.Of(3);
        foreach (var member in fleet.Members) member.Kill();
        var began = fleet.Clock.GetUtcNow();
        var again = fleet.Start(1);
        Assert.True(fleet.Clock.GetUtcNow() - began < TimeSpan.FromSeconds(5));
        Assert.Equal([again.Self], fleet.Table.Current.Active.Select(entry => entry.Address));
    }

    [Fact]
    public void A_silo_that_does_not_reach_all_others_can_not_join_and_says_whom()
    {
        var fleet = TestFleet.Of(2);
        var options = new ClusterMembershipOptions { MaxJoinAttemptTime = TimeSpan.FromSeconds(5) };
        var stranger = fleet.Begin(3, out var joined, options);
        fleet.Network.Cut(stranger.Self, fleet.Members[0].Self);
        fleet.RunUntil(() => joined.IsCompleted, Minute);
        var error = Assert.IsType<OrleansException>(joined.Exception!.InnerException);
        Assert.Contains(fleet.Members[0].Self.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal(2, fleet.Table.Current.Active.Count());
    }

    [Fact]
    public void A_silo_that_leaves_is_gone_without_a_vote()
    {
        var fleet = TestFleet.Of(3);
        fleet.Do(fleet.Members[0].Leave);
        var row = fleet.Table.Current.Find(fleet.Members[0].Self)!;
        Assert.Equal(SiloStatus.Dead, row.Status);
        Assert.Empty(row.Suspicions);
        Assert.True(OthersSee(fleet, fleet.Members[0], SiloStatus.Dead));
        Assert.Null(fleet.Members[0].EndedBecause);
    }

    [Fact]
    public void When_the_table_goes_back_to_an_older_version_its_silos_end()
    {
        var fleet = TestFleet.Of(2);
        var older = fleet.Table.Current;
        fleet.Start(3);
        fleet.Run(TimeSpan.FromSeconds(2));
        fleet.Table.GoBackTo(older);
        fleet.RunUntil(() => fleet.Members.All(member => member.EndedBecause is not null), TimeSpan.FromSeconds(3));
    }

    private static bool OthersSee(TestFleet fleet, TestFleet.Member one, SiloStatus status) =>
        fleet.Members.Where(member => member != one).All(member => member.StatusOf(one) == status);
}

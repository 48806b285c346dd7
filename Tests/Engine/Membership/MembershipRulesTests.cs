using System.Net;
using Aedile.Engine.Membership;

namespace Aedile.Tests.Engine.Membership;

/// <summary>Goal: the decisions about who is in the fleet, one by one.</summary>
public sealed class MembershipRulesTests
{
    private static readonly MembershipLimits Limits = MembershipLimits.Of(new());
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_votes_declare_death_in_a_fleet_of_three()
    {
        var table = Table(Row(1), Row(2), Row(3));
        table = Apply(table, MembershipRules.Suspect(table, Silo(3), [Silo(1)], Limits));
        Assert.Equal(SiloStatus.Active, table.StatusOf(Silo(3)));
        table = Apply(table, MembershipRules.Suspect(table, Silo(3), [Silo(2)], Limits));
        Assert.Equal(SiloStatus.Dead, table.StatusOf(Silo(3)));
        Assert.Equal([Silo(1), Silo(2)], table.Find(Silo(3))!.Suspicions.Select(vote => vote.Voter));
    }

    [Fact]
    public void One_vote_is_enough_in_a_fleet_of_two()
    {
        var table = Table(Row(1), Row(2));
        table = Apply(table, MembershipRules.Suspect(table, Silo(2), [Silo(1)], Limits));
        Assert.Equal(SiloStatus.Dead, table.StatusOf(Silo(2)));
    }

    [Fact]
    public void One_vote_is_enough_when_the_third_silo_has_lost_its_lease()
    {
        var table = Table(Row(1), Row(2) with { AliveAt = Now - TimeSpan.FromSeconds(4) }, Row(3));
        table = Apply(table, MembershipRules.Suspect(table, Silo(3), [Silo(1)], Limits));
        Assert.Equal(SiloStatus.Dead, table.StatusOf(Silo(3)));
    }

    [Fact]
    public void A_vote_of_a_silo_without_a_lease_does_not_count()
    {
        var table = Table(Row(1) with { AliveAt = Now - TimeSpan.FromSeconds(4) }, Row(2), Row(3));
        Assert.Null(MembershipRules.Suspect(table, Silo(3), [Silo(1)], Limits));
    }

    [Fact]
    public void A_vote_that_is_too_old_does_not_count()
    {
        var old = new Suspicion(Silo(1), Now - TimeSpan.FromMinutes(3));
        var table = Table(Row(1), Row(2), Row(3) with { Suspicions = [old] });
        table = Apply(table, MembershipRules.Suspect(table, Silo(3), [Silo(2)], Limits));
        Assert.Equal(SiloStatus.Active, table.StatusOf(Silo(3)));
        Assert.Equal([Silo(2)], table.Find(Silo(3))!.Suspicions.Select(vote => vote.Voter));
    }

    [Fact]
    public void Two_troubles_that_are_half_a_minute_apart_put_nobody_out()
    {
        var passed = new Suspicion(Silo(1), Now - TimeSpan.FromSeconds(30));
        var table = Table(Row(1), Row(2), Row(3) with { Suspicions = [passed] });
        table = Apply(table, MembershipRules.Suspect(table, Silo(3), [Silo(2)], Limits));
        Assert.Equal(SiloStatus.Active, table.StatusOf(Silo(3)));
    }

    [Fact]
    public void Only_a_silo_whose_beat_is_as_old_as_its_lease_is_set_aside()
    {
        var old = Row(3) with { AliveAt = Now - Limits.Lease };
        var table = Table(Row(1), Row(2), old);
        Assert.Null(MembershipRules.SetAside(table, Silo(2), Limits));
        table = Apply(table, MembershipRules.SetAside(table, Silo(3), Limits));
        Assert.True(table.Find(Silo(3))!.IsAside);
        Assert.Null(MembershipRules.SetAside(table, Silo(3), Limits));

        // Its mark is no vote: one more is one.
        table = Apply(table, MembershipRules.Suspect(table, Silo(3), [Silo(1)], Limits));
        Assert.Equal(SiloStatus.Joining, table.StatusOf(Silo(3)));
        table = Apply(table, MembershipRules.Advance(table, Silo(3), SiloStatus.Active));
        Assert.Empty(table.Find(Silo(3))!.Suspicions);
    }

    [Fact]
    public void A_vote_that_is_known_already_changes_nothing()
    {
        var table = Table(Row(1), Row(2), Row(3));
        table = Apply(table, MembershipRules.Suspect(table, Silo(3), [Silo(1)], Limits));
        Assert.Null(MembershipRules.Suspect(table, Silo(3), [Silo(1)], Limits));
    }

    [Fact]
    public void A_joining_silo_votes_only_while_no_active_one_can()
    {
        var joining = Row(1) with { Status = SiloStatus.Joining };
        Assert.Null(MembershipRules.Suspect(Table(joining, Row(2), Row(3)), Silo(3), [Silo(1)], Limits));

        var stale = Now - TimeSpan.FromHours(1);
        var crashed = Table(joining, Row(2) with { AliveAt = stale }, Row(3) with { AliveAt = stale });
        crashed = Apply(crashed, MembershipRules.Suspect(crashed, Silo(3), [Silo(1)], Limits));
        Assert.Equal(SiloStatus.Dead, crashed.StatusOf(Silo(3)));
    }

    [Fact]
    public void A_generation_counts_seconds_from_where_the_official_engine_counts()
    {
        // A silo of the official packages started at this moment of 2026 with this generation.
        var table = Table() with { ReadAt = new DateTimeOffset(2026, 11, 21, 21, 12, 16, TimeSpan.Zero) };
        Assert.Equal(154_300_336, MembershipRules.NextGeneration(table, Silo(9).Endpoint));
    }

    [Fact]
    public void A_restart_gets_a_higher_generation_even_when_the_clock_went_back()
    {
        var table = Table(Row(1));
        var later = table with { ReadAt = Now - TimeSpan.FromHours(1) };
        var first = MembershipRules.NextGeneration(table, Silo(9).Endpoint);
        var grown = Table(Row(9) with { Address = SiloAddress.New(Silo(9).Endpoint, first) });
        Assert.True(MembershipRules.NextGeneration(grown with { ReadAt = later.ReadAt }, Silo(9).Endpoint) > first);
    }

    [Fact]
    public void A_newer_start_at_an_address_ends_the_older_one_and_an_older_one_can_not_come_after()
    {
        var newer = SiloAddress.New(Silo(1).Endpoint, 2);
        var table = Table(Row(1));
        table = Apply(table, MembershipRules.Join(table, Row(1) with { Address = newer }));
        Assert.True(MembershipRules.MustEnd(table, Silo(1)));
        table = Apply(table, MembershipRules.Join(table, Row(1) with { Address = newer }));
        Assert.Equal(SiloStatus.Active, table.StatusOf(newer));
        Assert.True(MembershipRules.IsKnownToBeGone(table, Silo(1)));
        Assert.Null(MembershipRules.Join(table, Row(1) with { Address = newer }));
        var forgotten = Table(Row(1) with { Address = newer });
        Assert.Null(MembershipRules.Join(forgotten, Row(1)));
    }

    [Fact]
    public void Who_left_by_itself_is_known_to_be_gone_and_who_was_voted_out_is_not()
    {
        var table = Table(Row(1), Row(2), Row(3));
        var left = Apply(table, MembershipRules.Advance(table, Silo(3), SiloStatus.Dead));
        Assert.True(MembershipRules.IsKnownToBeGone(left, Silo(3)));
        var voted = Apply(table, MembershipRules.Suspect(table, Silo(3), [Silo(1), Silo(2)], Limits));
        Assert.False(MembershipRules.IsKnownToBeGone(voted, Silo(3)));
    }

    [Fact]
    public void A_silo_that_died_while_it_joined_is_declared_dead_by_the_first_active_one()
    {
        var table = Table(Row(1), Row(2), Row(3) with
        {
            Status = SiloStatus.Joining,
            AliveAt = Now - TimeSpan.FromMinutes(1),
        });
        Assert.Null(MembershipRules.CleanUp(table, Silo(2), Limits));
        table = Apply(table, MembershipRules.CleanUp(table, Silo(1), Limits));
        Assert.Equal(SiloStatus.Dead, table.StatusOf(Silo(3)));
    }

    [Fact]
    public void Rows_of_the_dead_go_when_they_are_old_or_many_but_never_while_a_lease_may_run()
    {
        var dead = Row(3) with { Status = SiloStatus.Dead };
        SiloEntry[] many =
        [
            .. Enumerable.Range(10, 30).Select(n => dead with
            {
                Address = Silo(n),
                AliveAt = Now - TimeSpan.FromHours(n),
            }),
        ];
        var table = Table([Row(1), .. many, dead]);
        table = Apply(table, MembershipRules.CleanUp(table, Silo(1), Limits));
        Assert.Equal(1 + 25 + 1, table.Entries.Length);
        Assert.NotNull(table.Find(Silo(3)));
        Assert.Null(table.Find(Silo(39)));
        Assert.Null(MembershipRules.CleanUp(table, Silo(1), Limits));

        var old = Table(Row(1), dead with { AliveAt = Now - TimeSpan.FromDays(8) });
        Assert.Single(Apply(old, MembershipRules.CleanUp(old, Silo(1), Limits)).Entries);
    }

    internal static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Loopback, 10_000 + number, 1);

    private static SiloEntry Row(int number) => new()
    {
        Address = Silo(number),
        Status = SiloStatus.Active,
        StartedAt = Now,
        AliveAt = Now,
    };

    private static MembershipTableSnapshot Table(params IEnumerable<SiloEntry> rows) =>
        MembershipTableSnapshot.Of(7, Now, rows);

    private static MembershipTableSnapshot Apply(MembershipTableSnapshot table, TableChange? change)
    {
        Assert.NotNull(change);
        return MembershipRules.Apply(table, change);
    }
}

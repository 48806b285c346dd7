using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Storage.Fleet;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: what a claim, an end and a silence mean follows from the facts alone.</summary>
public sealed class SessionRulesTests
{
    private static readonly NodeName Node = NodeName.Parse("storage-1");
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private static SessionClaim Claim(int boot = 1, long attempt = 1, long highest = 0, long? renews = null) => new(
        Node, new AgentIdentity(Id(boot), attempt, new Uri("http://a"), [], 1, "1.0"), highest, renews, Id(9),
        DateTimeOffset.UnixEpoch);

    private static SessionRow Row(long epoch = 5, int boot = 1, long attempt = 1, bool ended = false) =>
        SessionRules.Claim(null, Claim(boot, attempt))! with
        {
            Epoch = epoch, EndedAt = ended ? DateTimeOffset.UnixEpoch : null, Change = 7, Told = 7,
        };

    [Fact]
    public void A_claim_is_above_the_table_and_above_all_that_the_agent_ever_saw()
    {
        Assert.Equal(1, SessionRules.Claim(null, Claim())!.Epoch);
        Assert.Equal(6, SessionRules.Claim(Row(5), Claim(attempt: 2))!.Epoch);
        // The database went back: the agent remembers.
        Assert.Equal(43, SessionRules.Claim(Row(5), Claim(attempt: 2, highest: 42))!.Epoch);
    }

    [Fact]
    public void A_move_of_one_process_is_no_news_but_its_return_after_an_end_and_its_restart_are()
    {
        Assert.Equal(7, SessionRules.Claim(Row(), Claim(attempt: 2))!.Change);
        Assert.Equal(8, SessionRules.Claim(Row(ended: true), Claim(attempt: 2))!.Change);
        Assert.Equal(8, SessionRules.Claim(Row(), Claim(boot: 2))!.Change);
        Assert.Equal(1, SessionRules.Claim(null, Claim())!.Change);
    }

    [Fact]
    public void A_claim_that_comes_late_takes_the_node_from_nobody()
    {
        Assert.Null(SessionRules.Claim(Row(attempt: 3), Claim(attempt: 2)));
        Assert.Null(SessionRules.Claim(Row(epoch: 6, attempt: 2, boot: 2), Claim(renews: 5)));
        Assert.NotNull(SessionRules.Claim(Row(epoch: 5, ended: true), Claim(renews: 5)));
    }

    [Fact]
    public void Epochs_only_rise_whatever_the_order_of_claims()
    {
        var claim =
            from boot in Gen.Choose(1, 3)
            from attempt in Gen.Choose(1, 5)
            from highest in Gen.Choose(0, 10)
            from renews in Gen.Choose(0, 10)
            select Claim(boot, attempt, highest, renews == 0 ? null : renews);
        Prop.ForAll(claim.ListOf().Select(c => c.ToImmutableArray()).ToArbitrary(), claims =>
        {
            SessionRow? row = null;
            foreach (var next in claims)
            {
                var before = row;
                if (SessionRules.Claim(before, next) is not { } claimed) continue;
                row = claimed;
                var rises = row.Epoch > (before?.Epoch ?? 0) && row.Epoch > next.HighestEpoch;
                var isCounted = row.Change - (before?.Change ?? 0) is 0 or 1;
                if (!rises || !isCounted || row.EndedAt is not null || row.Change < row.Told) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    // Nothing known; a row of a living holder; of a dead one; an ended one.
    [InlineData(false, false, false, (int)Standing.Unknown)]
    [InlineData(true, false, true, (int)Standing.Running)]
    [InlineData(true, false, false, (int)Standing.Moving)]
    [InlineData(true, true, true, (int)Standing.Unknown)]
    public void A_node_stands_where_its_row_says(bool hasRow, bool isEnded, bool isHeld, int standing) =>
        Assert.Equal(
            (Standing)standing, SessionRules.Judge(hasRow ? Row(ended: isEnded) : null, isHeld, own: null));

    [Fact]
    public void This_silos_own_session_rules_unless_the_table_has_a_newer_one()
    {
        OwnSession Own(long? epoch, bool stands, bool leaving = false) => new(epoch, stands, leaving, !stands);

        Assert.Equal(Standing.Running, SessionRules.Judge(Row(5), false, Own(5, true)));
        Assert.Equal(Standing.Running, SessionRules.Judge(Row(5, ended: true), false, Own(null, true)));
        Assert.Equal(Standing.Unknown, SessionRules.Judge(Row(5), false, Own(5, false)));
        Assert.Equal(Standing.Moving, SessionRules.Judge(Row(5), false, Own(5, false, leaving: true)));
        Assert.Equal(Standing.Running, SessionRules.Judge(Row(6), true, Own(5, false)));
        Assert.Equal(Standing.Unknown, SessionRules.Judge(Row(6, ended: true), true, Own(5, true)));
    }

    [Fact]
    public void A_node_is_over_when_its_connection_broke_or_the_grace_is()
    {
        OwnSession Own(bool stands, bool leaving) => new(5, stands, leaving, true);

        var late = Grace + TimeSpan.FromSeconds(1);
        Assert.False(SessionRules.IsOver(Row(5), null, Own(true, false), late, Grace));
        Assert.True(SessionRules.IsOver(Row(5), null, Own(false, false), TimeSpan.Zero, Grace));
        Assert.False(SessionRules.IsOver(Row(5), null, Own(false, true), TimeSpan.Zero, Grace));
        Assert.True(SessionRules.IsOver(Row(5), null, Own(false, true), late, Grace));
        Assert.False(SessionRules.IsOver(Row(6), null, Own(false, false), TimeSpan.Zero, Grace));
        Assert.False(SessionRules.IsOver(Row(5, ended: true), late, null, null, Grace));
        Assert.False(SessionRules.IsOver(Row(5), TimeSpan.FromSeconds(9), null, null, Grace));
        Assert.True(SessionRules.IsOver(Row(5), Grace, null, null, Grace));
    }

    [Fact]
    public void A_silo_lives_while_its_beats_go_on_whatever_its_clock_says()
    {
        var watch = SiloWatch.Empty;
        for (var second = 0; second < 20; second++)
        {
            watch = Read(watch, second, Silo(1, beat: second), Silo(2, beat: second < 10 ? second : 9));
            Assert.True(watch.Lives(Id(1)));
            Assert.Equal(second < 12, watch.Lives(Id(2)));
        }
        Assert.Equal(TimeSpan.FromSeconds(7), watch.GoneFor(Id(2), TimeSpan.FromSeconds(19)));
        watch = Read(watch, 20, Silo(1, beat: 20), Silo(2, beat: 10));
        Assert.True(watch.Lives(Id(2)));
    }

    [Fact]
    public void An_ended_silo_is_one_that_stopped_was_started_anew_was_declared_dead_or_is_not_in_the_table()
    {
        var stopped = Silo(1) with { StoppedAt = DateTimeOffset.UnixEpoch };
        var old = Silo(2) with { Name = "twice" };
        var newer = Silo(3) with { Name = "twice", StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(1) };
        var watch = SiloWatch.Empty.Read(
            [stopped, old, newer, Silo(4)], [Id(5)], ImmutableHashSet.Create(Id(4)), TimeSpan.Zero, Silence);
        Assert.Equal(
            [false, false, true, false, false], Enumerable.Range(1, 5).Select(n => watch.Lives(Id(n))));
        Assert.Equal([Id(3)], watch.Living.Select(s => s.Run));
    }

    private static SiloWatch Read(SiloWatch before, int second, params ImmutableArray<SiloRow> rows) =>
        before.Read(rows, [], ImmutableHashSet<Guid>.Empty, TimeSpan.FromSeconds(second), Silence);

    private static SiloRow Silo(int number, long beat = 0) => new(
        Id(number), $"silo-{number}", "", new Uri("http://a"), 1, "1.0", DateTimeOffset.UnixEpoch, beat, null);
}

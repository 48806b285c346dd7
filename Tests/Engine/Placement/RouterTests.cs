using System.Collections.Immutable;
using Aedile.Engine.Placement;
using Aedile.Tests.Engine.Membership;

namespace Aedile.Tests.Engine.Placement;

/// <summary>Goal: a grain runs on one silo, and on the next one soon after that can't run it any more.</summary>
public sealed class RouterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly ImmutableArray<GrainId> Grains =
        [.. Enumerable.Range(0, 60).Select(key => GrainId.Create("tally", $"g{key}"))];

    [Fact]
    public void All_silos_agree_where_a_grain_lives_and_nobody_waits_in_a_settled_fleet()
    {
        var fleet = Settled(3);
        foreach (var grain in Grains)
        {
            var owner = Assert.Single(fleet.Members.Select(member => member.Router.OwnerOf(grain)!).Distinct());
            var router = fleet.Members.Single(member => member.Self.Equals(owner)).Router;
            Assert.True(router.WhenMayHost(grain, CancellationToken.None).AsTask().IsCompletedSuccessfully);
        }
    }

    [Fact]
    public void Who_sees_where_grains_live_under_a_view_sees_its_number_too()
    {
        var fleet = Settled(3);
        var (hosts, looked) = (new Dictionary<long, ulong>(), 0);

        // Threads that route run beside the one that takes a view. Where that one logs, it is in the midst of it.
        fleet.Log.Logged = () =>
        {
            foreach (var member in fleet.Members)
            {
                var view = member.View;
                hosts[view.Version] = new HostSet(view.Active.Select(entry => entry.Address)).Identity;
                if (!hosts.TryGetValue(member.Router.ViewVersion, out var known)) continue;
                looked++;
                Assert.Equal(known, member.Router.Hosts.Identity);
            }
        };
        fleet.Do(fleet.Members[1].Leave);
        fleet.Start(4);
        Assert.True(looked > 10, $"looked {looked} times");
    }

    [Fact]
    public void Grains_of_a_killed_silo_run_elsewhere_within_700_milliseconds()
    {
        var fleet = Settled(3);
        fleet.Members[0].Kill();
        var took = fleet.RunUntil(() => AllRun(fleet), Minute);
        Assert.True(took <= TimeSpan.FromMilliseconds(700), $"took {took}");
    }

    [Fact]
    public void Grains_of_a_silo_that_hangs_run_elsewhere_when_its_lease_is_over_and_within_five_seconds()
    {
        var fleet = Settled(3);
        var hung = fleet.Members[0];
        fleet.Network.Hang(hung.Self, hangs: true);
        hung.IsCutFromTable = true;
        fleet.RunUntil(() => !hung.Agent.Lease.IsHeld, Minute);
        AssertNothingRunsTwice(fleet);
        var took = fleet.RunUntil(() => AllRun(fleet, except: hung), Minute);
        Assert.True(took <= TimeSpan.FromSeconds(2), $"took {took} after the lease");
    }

    [Fact]
    public void A_new_silo_gets_its_share_when_the_others_have_finished_their_turns()
    {
        var fleet = Settled(2);
        foreach (var member in fleet.Members) member.Grains.TurnTime = TimeSpan.FromSeconds(2);
        var third = fleet.Start(3);
        fleet.RunUntil(() => AllRun(fleet) && third.Grains.Running.Count > 0, TimeSpan.FromSeconds(3));
        AssertNothingRunsTwice(fleet);
    }

    [Fact]
    public void While_others_hand_over_a_silo_activates_what_was_its_own_all_the_time()
    {
        var fleet = Settled(2);
        foreach (var member in fleet.Members) member.Grains.TurnTime = TimeSpan.FromSeconds(4);
        fleet.Start(3);
        fleet.Run(TimeSpan.FromMilliseconds(50));
        var router = fleet.Members[0].Router;
        var fresh = Enumerable.Range(1000, 100).Select(key => GrainId.Create("tally", $"g{key}"))
            .First(grain => router.Self.Equals(router.OwnerOf(grain)));
        Assert.True(router.WhenMayHost(fresh, CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public void A_silo_that_hands_over_for_ever_is_waited_for_five_seconds()
    {
        var fleet = Settled(2);
        foreach (var member in fleet.Members) member.Grains.TurnTime = TimeSpan.FromMinutes(10);
        var third = fleet.Start(3);
        var mine = Grains.First(grain => third.Self.Equals(third.Router.OwnerOf(grain)));
        fleet.Background(() => Ask(third, mine));
        var took = fleet.RunUntil(() => third.Grains.Running.Contains(mine), Minute);
        Assert.InRange(took, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public void A_silo_that_leaves_hands_over_before_it_is_gone()
    {
        var fleet = Settled(3);
        fleet.Members[1].Grains.TurnTime = TimeSpan.FromSeconds(1);
        fleet.Do(fleet.Members[1].Leave);
        Assert.Empty(fleet.Members[1].Grains.Running);
        var took = fleet.RunUntil(() => AllRun(fleet), Minute);
        Assert.True(took <= TimeSpan.FromMilliseconds(50), $"took {took}");
        AssertNothingRunsTwice(fleet);
    }

    [Fact]
    public void A_silo_without_a_lease_hosts_nothing_but_still_knows_where_others_grains_live()
    {
        var fleet = Settled(3);
        var cut = fleet.Members[2];
        cut.IsCutFromTable = true;
        fleet.RunUntil(() => !cut.Agent.Lease.IsHeld, Minute);
        fleet.Run(TimeSpan.FromMilliseconds(10));
        Assert.Empty(cut.Grains.Running);
        foreach (var grain in Grains)
        {
            var owner = fleet.Members[0].Router.OwnerOf(grain)!;
            Assert.Equal(owner.Equals(cut.Self) ? null : owner, cut.Router.OwnerOf(grain));
        }

        fleet.Do(() => Assert.ThrowsAsync<SiloUnavailableException>(
            () => cut.Router.WhenMayHost(Grains[0], CancellationToken.None).AsTask()));

        // The others take its grains over, and it gets them back.
        fleet.RunUntil(() => AllRun(fleet), Minute);
        Assert.Empty(cut.Grains.Running);
        cut.IsCutFromTable = false;
        fleet.RunUntil(() => AllRun(fleet) && cut.Grains.Running.Count > 0, Minute);
    }

    [Fact]
    public void Whatever_silos_do_no_grain_runs_twice_while_handovers_are_short()
    {
        for (var seed = 1; seed <= 60; seed++) Play(seed);
    }

    // Silos come, leave, are killed and cut; callers ask for grains all the time, wherever they are sent.
    private static void Play(int seed)
    {
        var random = new Random(seed);
        var fleet = TestFleet.Of(3, seed);
        var port = 4;
        for (var step = 0; step < 60; step++)
        {
            var alive = fleet.Members.Where(member => member.EndedBecause is null
                && fleet.Table.Current.StatusOf(member.Self) == SiloStatus.Active).ToList();
            if (alive.Count == 0) fleet.Start(port++);
            var one = alive.Count == 0 ? fleet.Members[^1] : alive[random.Next(alive.Count)];
            switch (random.Next(9))
            {
                case 0 or 1 when alive.Count < 5:
                    fleet.Begin(port++, out _);
                    break;
                case 2 when alive.Count > 2:
                    fleet.Background(one.Leave);
                    break;
                case 3 when alive.Count > 2:
                    one.Kill();
                    break;
                case 4:
                    one.IsCutFromTable = !one.IsCutFromTable;
                    break;
                case 5:
                    one.Grains.TurnTime = TimeSpan.FromMilliseconds(random.Next(800));
                    break;
                case 6:
                    foreach (var member in fleet.Members) member.IsCutFromTable = false;
                    break;
                default:
                    break;
            }

            Call(fleet);
            for (var ms = random.Next(400); ms >= 0; ms -= 20)
            {
                fleet.Run(TimeSpan.FromMilliseconds(20));
                AssertNothingRunsTwice(fleet, $"seed {seed}, step {step}");
            }
        }

        foreach (var member in fleet.Members) member.IsCutFromTable = false;
        fleet.Run(TimeSpan.FromSeconds(15));
        fleet.RunUntil(() => AllRun(fleet), TimeSpan.FromSeconds(10));
    }

    private static TestFleet Settled(int silos)
    {
        var fleet = TestFleet.Of(silos);
        fleet.Run(TimeSpan.FromSeconds(2));
        fleet.RunUntil(() => AllRun(fleet), TimeSpan.FromSeconds(1));
        AssertNothingRunsTwice(fleet);
        return fleet;
    }

    // Asks every living silo for every grain; those that own one activate it when they may.
    private static void Call(TestFleet fleet)
    {
        foreach (var member in fleet.Members.Where(member => member.EndedBecause is null))
        {
            var missing = Grains.Where(grain => !member.Grains.Running.Contains(grain)).ToList();
            fleet.Background(() => Task.WhenAll(missing.Select(grain => Ask(member, grain))));
        }
    }

    private static async Task Ask(TestFleet.Member member, GrainId grain)
    {
        try
        {
            await member.Grains.Activate(grain);
        }
        catch (SiloUnavailableException)
        {
            // It lost its lease or leaves: a caller would try again.
        }
    }

    private static bool AllRun(TestFleet fleet, TestFleet.Member? except = null)
    {
        Call(fleet);
        fleet.Run(TimeSpan.Zero);
        var running = fleet.Members.Where(member => member != except).SelectMany(member => member.Grains.Running);
        return running.Distinct().Count() == Grains.Length;
    }

    private static void AssertNothingRunsTwice(TestFleet fleet, string when = "")
    {
        var twice = fleet.Members.SelectMany(member => member.Grains.Running.Select(grain => (grain, member.Self)))
            .GroupBy(running => running.grain).Where(running => running.Count() > 1)
            .Select(running => $"{running.Key} on {string.Join(" and ", running.Select(r => r.Self))}");
        Assert.True(!twice.Any(), $"{when}: {string.Join("; ", twice)}");
    }
}

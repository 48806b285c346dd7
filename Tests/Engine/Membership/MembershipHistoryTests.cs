using System.Collections.Immutable;
using System.Net;
using Aedile.Engine.Membership;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Engine.Membership;

/// <summary>Goal: whatever silos do in whatever order, the table stays one that a fleet can live by.</summary>
public sealed class MembershipHistoryTests
{
    private const int Ports = 5;
    private static readonly MembershipLimits Limits = MembershipLimits.Of(new());

    private static readonly Gen<Step> Steps =
        from kind in Gen.Elements(Enum.GetValues<StepKind>())
        from actor in Gen.Choose(0, 7)
        from other in Gen.Choose(0, 7)
        from pause in Gen.Frequency((4, Gen.Choose(0, 900)), (1, Gen.Choose(0, 200_000)))
        select new Step(kind, actor, other, pause);

    private enum StepKind
    {
        Start,
        Join,
        Activate,
        Beat,
        Suspect,
        SuspectByTwo,
        Leave,
        CleanUp,
    }

    [Fact]
    public void A_silo_never_goes_back_to_an_earlier_state_and_the_dead_stay_dead() =>
        ForAllHistories((before, after, _) => before.Entries.All(entry =>
            after.Find(entry.Address) is not { } later || later.Status >= entry.Status));

    [Fact]
    public void Every_change_raises_the_version_by_one() =>
        ForAllHistories((before, after, _) => after.Version == before.Version + 1);

    [Fact]
    public void An_active_silo_dies_only_by_enough_votes_of_present_silos_by_a_newer_start_or_by_itself() =>
        ForAllHistories((before, after, step) => before.Active.All(entry =>
        {
            if (after.Find(entry.Address) is not { Status: SiloStatus.Dead } dead) return true;
            if (step is StepKind.Leave or StepKind.Join) return true;
            var present = before.Entries.Count(other => !other.Address.Equals(entry.Address)
                && other.Status is SiloStatus.Active && before.AgeOf(other.AliveAt) <= Limits.Lease);
            var voters = dead.Suspicions.Select(vote => vote.Voter).Distinct().Count();
            return voters == dead.Suspicions.Length && voters >= Math.Min(Limits.Votes, Math.Max(1, present));
        }));

    [Fact]
    public void At_most_one_start_at_an_address_is_alive_and_it_is_the_newest() =>
        ForAllHistories((_, after, _) => after.Entries.GroupBy(entry => entry.Address.Endpoint).All(starts =>
        {
            var alive = starts.Where(entry => entry.Status != SiloStatus.Dead).ToList();
            return alive.Count <= 1 && alive.All(entry => starts.All(other =>
                other.Address.Generation <= entry.Address.Generation));
        }));

    [Fact]
    public void No_row_goes_while_its_silo_may_hold_a_lease() =>
        ForAllHistories((before, after, _) => before.Entries
            .Where(entry => after.Find(entry.Address) is null)
            .All(entry => entry.Status == SiloStatus.Dead && before.AgeOf(entry.AliveAt) > Limits.SurelyOut));

    private static void ForAllHistories(
        Func<MembershipTableSnapshot, MembershipTableSnapshot, StepKind, bool> holds) =>
        Prop.ForAll(Steps.ListOf(60).ToArbitrary(), steps =>
        {
            var table = new MembershipTableSnapshot(0, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), []);
            var started = ImmutableList<SiloAddress>.Empty;
            foreach (var step in steps)
            {
                table = table with { ReadAt = table.ReadAt + TimeSpan.FromMilliseconds(step.PauseMs) };
                if (step.Kind == StepKind.Start)
                {
                    var endpoint = new IPEndPoint(IPAddress.Loopback, 10_000 + (step.Actor % Ports));
                    started = started.Add(SiloAddress.New(
                        endpoint, MembershipRules.NextGeneration(table, endpoint)));
                }

                if (started.IsEmpty) continue;
                var actor = started[^((step.Actor % started.Count) + 1)];
                var other = started[^((step.Other % started.Count) + 1)];
                if (step.Kind == StepKind.Beat) table = Beat(table, actor);
                if (Decide(table, step.Kind, actor, other) is not { } change) continue;
                var after = MembershipRules.Apply(table, change);
                if (!holds(table, after, step.Kind)) return false;
                table = after;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    private static MembershipTableSnapshot Beat(MembershipTableSnapshot table, SiloAddress silo) => table with
    {
        Entries =
        [
            .. table.Entries.Select(entry => entry.Address.Equals(silo) && entry.Status != SiloStatus.Dead
                ? entry with { AliveAt = table.ReadAt }
                : entry),
        ],
    };

    private static TableChange? Decide(
        MembershipTableSnapshot table, StepKind kind, SiloAddress actor, SiloAddress other) => kind switch
    {
        StepKind.Join => MembershipRules.Join(table, new SiloEntry
        {
            Address = actor,
            Status = SiloStatus.Joining,
            StartedAt = default,
            AliveAt = default,
        }),
        StepKind.Activate => MembershipRules.Advance(table, actor, SiloStatus.Active),
        StepKind.Suspect => MembershipRules.Suspect(table, other, [actor], Limits),
        StepKind.SuspectByTwo when table.Active.Select(entry => entry.Address)
            .FirstOrDefault(silo => !silo.Equals(actor) && !silo.Equals(other)) is { } between =>
            MembershipRules.Suspect(table, other, [actor, between], Limits),
        StepKind.Leave => MembershipRules.Advance(table, actor, SiloStatus.Dead),
        StepKind.CleanUp => MembershipRules.CleanUp(table, actor, Limits),
        _ => null,
    };

    private sealed record Step(StepKind Kind, int Actor, int Other, int PauseMs);
}

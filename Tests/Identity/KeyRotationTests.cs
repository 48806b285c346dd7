using System.Collections.Immutable;
using Aedile.Silo.Identity.Keys;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Identity;

/// <summary>
/// Goal: there is always a key to sign with that everybody knows, and none goes before its last token.
/// </summary>
public sealed class KeyRotationTests
{
    private static readonly DateTimeOffset Start = TokenBench.Start;
    private static readonly RotationPolicy Policy = new(
        TimeSpan.FromDays(30), TimeSpan.FromHours(1), TimeSpan.FromSeconds(2), TimeSpan.FromDays(90));

    [Fact]
    public void The_first_key_of_a_fleet_signs_at_once_and_that_of_a_further_silo_when_the_others_have_it()
    {
        Assert.Equal(Made(Start), KeyRotation.Plan([], [], true, Start, Policy));
        Assert.Equal(Made(Start.AddSeconds(2)), KeyRotation.Plan([], [], false, Start, Policy));
    }

    [Fact]
    public void The_next_key_is_published_a_lead_before_it_signs_and_takes_over_before_the_last_one_ends()
    {
        var one = new KeyWindow("one", Start, Start.AddDays(30), Start.AddDays(120));
        var due = one.SignsUntil.AddHours(-2);
        Assert.Empty(KeyRotation.Plan(["one"], [one], false, due.AddTicks(-1), Policy));
        Assert.Equal(Made(due.AddHours(1)), KeyRotation.Plan(["one"], [one], false, due, Policy));

        var two = new KeyWindow("two", due.AddHours(1), due.AddHours(1).AddDays(30), due.AddHours(1).AddDays(120));
        Assert.Empty(KeyRotation.Plan(["one", "two"], [one, two], false, due, Policy));
        Assert.Equal(one, KeyRotation.Choose(["one", "two"], [one, two], two.NotBefore.AddTicks(-1)));
        Assert.Equal(two, KeyRotation.Choose(["one", "two"], [one, two], two.NotBefore));
        Assert.Equal(
            [new RotationStep.Forget("one")],
            KeyRotation.Plan(["one", "two"], [one, two], false, one.SignsUntil, Policy));
        Assert.Empty(KeyRotation.Plan(["two"], [one, two], false, one.SignsUntil, Policy));
    }

    [Fact]
    public void A_key_that_was_withdrawn_or_never_published_does_not_come_back() =>
        Assert.Equal(
            [new RotationStep.Forget("lost"), .. Made(Start.AddSeconds(2))],
            KeyRotation.Plan(["lost"], [], false, Start, Policy));

    [Fact]
    public void A_published_key_without_its_private_half_signs_nothing_and_stays_to_its_end()
    {
        var lost = new KeyWindow("lost", Start, Start.AddDays(30), Start.AddDays(120));
        Assert.Null(KeyRotation.Choose([], [lost], Start));
        Assert.Equal(Made(Start.AddSeconds(2)), KeyRotation.Plan([], [lost], false, Start, Policy));
        Assert.Contains(
            new RotationStep.Withdraw("lost"), KeyRotation.Plan([], [lost], false, lost.NotAfter, Policy));
        Assert.DoesNotContain(
            new RotationStep.Withdraw("lost"), KeyRotation.Plan([], [lost], false, lost.NotAfter.AddTicks(-1), Policy));
    }

    [Fact]
    public void However_long_the_pauses_no_key_signs_before_others_have_it_and_none_goes_before_its_last_token() =>
        Prop.ForAll(Gen.Choose(1, 40 * 24).ListOf(60).ToArbitrary(), pauses =>
        {
            var (now, made) = (Start, new List<(DateTimeOffset, KeyWindow)>());
            var (held, published) = (ImmutableHashSet<string>.Empty, ImmutableArray<KeyWindow>.Empty);
            foreach (var pause in pauses)
            {
                foreach (var step in KeyRotation.Plan(held, published, published.IsEmpty, now, Policy))
                {
                    switch (step)
                    {
                        case RotationStep.Make make:
                            var key = new KeyWindow($"k{made.Count}", make.NotBefore, make.SignsUntil, make.NotAfter);
                            made.Add((now, key));
                            (held, published) = (held.Add(key.Id), published.Add(key));
                            break;
                        case RotationStep.Forget forget:
                            held = held.Remove(forget.Id);
                            break;
                        case RotationStep.Withdraw withdraw:
                            var gone = published.Single(k => k.Id == withdraw.Id);
                            if (now < gone.SignsUntil + Policy.SignedLifeMax) return false;
                            published = published.Remove(gone);
                            break;
                    }
                }
                if (published.Length > 7 || held.Count > 3) return false;
                // A moment later, once the plan was carried out, somebody can sign.
                if (KeyRotation.Choose(held, published, now + Policy.LateLead) is null) return false;
                // Carried out at once, a plan is complete.
                if (!KeyRotation.Plan(held, published, false, now, Policy).IsEmpty) return false;
                now = now.AddHours(pause);
            }
            return made.Skip(1).All(key => key.Item2.NotBefore >= key.Item1 + Policy.LateLead);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Planned_every_hour_there_is_never_a_moment_without_a_key_and_each_is_known_an_hour_before()
    {
        var (held, published) = (ImmutableHashSet<string>.Empty, ImmutableArray<KeyWindow>.Empty);
        for (var now = Start; now < Start.AddDays(200); now = now.AddHours(1))
        {
            foreach (var step in KeyRotation.Plan(held, published, published.IsEmpty, now, Policy))
            {
                if (step is RotationStep.Make make)
                {
                    var key = new KeyWindow($"k{now:O}", make.NotBefore, make.SignsUntil, make.NotAfter);
                    if (now > Start) Assert.True(key.NotBefore >= now.AddHours(1));
                    (held, published) = (held.Add(key.Id), published.Add(key));
                }
                else if (step is RotationStep.Forget forget) held = held.Remove(forget.Id);
                else published = published.RemoveAll(key => key.Id == ((RotationStep.Withdraw)step).Id);
            }
            Assert.NotNull(KeyRotation.Choose(held, published, now));
            Assert.NotNull(KeyRotation.Choose(held, published, now.AddHours(1).AddTicks(-1)));
        }
    }

    private static ImmutableArray<RotationStep> Made(DateTimeOffset from) =>
        [new RotationStep.Make(from, from.AddDays(30), from.AddDays(120))];
}

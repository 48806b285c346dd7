namespace Aedile.Tests.Simulation;

/// <summary>Goal: the checker accepts a history if and only if some order explains it.</summary>
public sealed class LinearizabilityTests
{
    private readonly CounterHistory _counter = new();

    [Fact]
    public void Nothing_is_linearizable() => Assert.True(_counter.IsLinearizable());

    [Fact]
    public void Calls_one_after_the_other_must_answer_in_their_order()
    {
        Add(0, 1, 1, 1);
        Add(2, 3, 1, 2);
        Assert.True(_counter.IsLinearizable());

        Add(4, 5, 1, 2);
        Assert.False(_counter.IsLinearizable());
    }

    [Fact]
    public void Calls_at_once_may_answer_in_any_order()
    {
        Add(0, 9, 1, 2);
        Add(1, 8, 1, 1);
        Assert.True(_counter.IsLinearizable());
    }

    [Fact]
    public void A_read_must_not_miss_what_was_acknowledged_before_it_began()
    {
        Add(0, 1, 5, 5);
        Add(2, 3, 0, 0);
        Assert.False(_counter.IsLinearizable());
    }

    [Fact]
    public void Two_reads_must_not_go_back()
    {
        Add(0, 9, 5, 5);
        Add(1, 2, 0, 5);
        Add(3, 4, 0, 0);
        Assert.False(_counter.IsLinearizable());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(11, true)]
    [InlineData(21, false)]
    public void What_was_not_answered_may_have_happened_once(int sum, bool isPossible)
    {
        _counter.Unanswered(At(0), 10);
        Add(5, 6, 1, sum);
        Assert.Equal(isPossible, _counter.IsLinearizable());
    }

    [Fact]
    public void What_was_not_answered_may_happen_long_after()
    {
        _counter.Unanswered(At(0), 10);
        Add(5, 6, 1, 1);
        Add(50, 60, 1, 12);
        Assert.True(_counter.IsLinearizable());
    }

    [Fact]
    public void What_was_not_answered_can_not_have_happened_before_it_was_asked()
    {
        Add(0, 1, 1, 11);
        _counter.Unanswered(At(5), 10);
        Assert.False(_counter.IsLinearizable());
    }

    [Fact]
    public void A_hundred_calls_of_ten_clients_with_lost_answers_are_judged_at_once()
    {
        var sum = 0;
        for (var round = 0; round < 10; round++)
        {
            for (var client = 9; client >= 0; client--)
            {
                if (client == round) _counter.Unanswered(At(round * 10), 1);
                else Add(round * 10, round * 10 + 9, 1, sum + client + (client > round ? 0 : 1));
            }
            sum += 10;
        }
        Assert.True(_counter.IsLinearizable());
        Add(100, 101, 0, sum - 11);
        Assert.False(_counter.IsLinearizable());
    }

    [Fact]
    public void The_checker_agrees_with_trying_every_order()
    {
        var chance = new Chance(7);
        var (yes, no) = (0, 0);
        for (var i = 0; i < 2000; i++)
        {
            var counter = new CounterHistory();
            for (var call = 0; call < 5; call++)
            {
                var (start, number) = (chance.Below(12), chance.Below(2));
                if (chance.OneIn(5)) counter.Unanswered(At(start), number);
                else counter.Answered(At(start), At(start + 1 + chance.Below(6)), number, chance.Below(4));
            }
            var expected = SomeOrderExplains([.. counter.Seen], 0);
            Assert.True(expected == counter.IsLinearizable(), counter.ToString());
            (yes, no) = expected ? (yes + 1, no) : (yes, no + 1);
        }
        Assert.True(yes > 50 && no > 50, $"{yes} linearizable, {no} not");
    }

    // Slow and plain: any call may be next that starts before every open one has ended.
    private static bool SomeOrderExplains(IReadOnlyList<Seen<CounterHistory.Addition>> open, long sum)
    {
        if (open.All(o => o.End is null)) return true;
        return open.Any(next =>
            open.All(other => other.End is not { } end || next.Start <= end)
            && (next.Call.Result ?? sum + next.Call.Number) == sum + next.Call.Number
            && SomeOrderExplains([.. open.Where(o => !ReferenceEquals(o, next))], sum + next.Call.Number));
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Add(int start, int end, int number, long sum) =>
        _counter.Answered(At(start), At(end), number, sum);
}

using Aedile.Tests.Support;

namespace Aedile.Tests.Counters;

/// <summary>Goal: the judge of the chaos tests notices what it is there for.</summary>
public sealed class CounterLedgerTests
{
    private readonly ManualTime _clock = new();
    private readonly CounterLedger _ledger;

    public CounterLedgerTests() => _ledger = new CounterLedger(_clock);

    [Fact]
    public async Task Values_in_order_are_no_fault()
    {
        foreach (var value in new[] { 1, 2, 4 }) await Given(value);
        await _ledger.Call("a", () => Task.FromException<Count>(new TimeoutException()));
        Assert.Empty(_ledger.Faults(_ => 4));
    }

    [Fact]
    public async Task A_value_given_twice_is_a_fault()
    {
        var first = new TaskCompletionSource<Count>();
        var second = new TaskCompletionSource<Count>();
        var calls = new[] { _ledger.Call("a", () => first.Task), _ledger.Call("a", () => second.Task) };
        first.SetResult(new Count(1, "x"));
        second.SetResult(new Count(1, "y"));
        await Task.WhenAll(calls);
        Assert.Contains("1 was given 2 times", Assert.Single(_ledger.Faults(_ => 2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_is_not_stored_in_the_end_is_a_fault()
    {
        await Given(1);
        await Given(2);
        Assert.Contains(
            "2 was given, but 1 is stored", Assert.Single(_ledger.Faults(_ => 1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_was_asked_for_is_a_fault()
    {
        await Given(1);
        Assert.Contains("2 is stored after 1 calls", Assert.Single(_ledger.Faults(_ => 2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lower_value_after_a_higher_one_is_a_fault()
    {
        await Given(2);
        await Given(1);
        Assert.Contains("began after", Assert.Single(_ledger.Faults(_ => 2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_silence_and_the_longest_failure_since_a_moment_are_told()
    {
        _clock.Advance(TimeSpan.FromSeconds(9));
        var began = _clock.GetTimestamp();
        await Given(1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Given(2);
        await _ledger.Call("a", () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(3));
            return Task.FromException<Count>(new TimeoutException());
        });
        Assert.Equal((TimeSpan.FromMilliseconds(5002), TimeSpan.FromSeconds(3)), _ledger.Worst(began));
    }

    private Task<bool> Given(long value)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        return _ledger.Call("a", () =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            return Task.FromResult(new Count(value, "x"));
        });
    }
}

using Aedile.Grains.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories;

public sealed class PatientQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ManualTime _clock = new();
    private readonly TurnQueue _order = new();
    private readonly PatientQueue _queue;
    private bool _isTooEarly;
    private int _repairs;

    public PatientQueueTests() => _queue = new PatientQueue(_order, _clock);

    [Fact]
    public async Task A_turn_that_is_of_use_is_taken_without_a_repair()
    {
        (await Enter()).Dispose();
        Assert.Equal(0, _repairs);
    }

    [Fact(Timeout = 10_000)]
    public async Task The_time_behind_others_is_not_taken_from_the_patience()
    {
        _isTooEarly = true;
        var other = await _order.Enter();
        var turn = Enter();
        _clock.Advance(3 * Patience);
        other.Dispose();
        await Armed();

        _clock.Advance(Patience / 2);
        Assert.False(turn.IsCompleted);
        _isTooEarly = false;
        _clock.Advance(Patience / 2);
        (await turn).Dispose();
        Assert.NotEqual(0, _repairs);
    }

    [Fact(Timeout = 10_000)]
    public async Task Others_have_their_turns_while_a_repair_is_waited_for()
    {
        _isTooEarly = true;
        var turn = Enter();
        await Armed();

        (await _order.Enter()).Dispose();
        Assert.False(turn.IsCompleted);
    }

    [Fact(Timeout = 10_000)]
    public async Task Who_was_passed_over_goes_before_all_who_came_later_as_soon_as_it_can()
    {
        _isTooEarly = true;
        var patient = Enter();
        await Armed();
        var repair = await _order.Enter();
        var later = _order.Enter();

        _isTooEarly = false;
        repair.Dispose();

        var turn = await patient;
        Assert.False(later.IsCompleted);
        turn.Dispose();
        (await later).Dispose();
    }

    [Fact(Timeout = 10_000)]
    public async Task After_the_patience_the_turn_is_taken_as_it_is()
    {
        _isTooEarly = true;
        var turn = Enter();
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromMilliseconds(100))
        {
            await Armed();
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        (await turn).Dispose();
        Assert.True(_isTooEarly);
    }

    private Task<IDisposable> Enter() =>
        _queue.Enter(() => _isTooEarly, Patience, () => _repairs++, CancellationToken.None);

    private async Task Armed()
    {
        while (_clock.ArmedTimers == 0) await Task.Yield();
    }
}

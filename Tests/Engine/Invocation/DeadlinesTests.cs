using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;
using Aedile.Tests.Support;

namespace Aedile.Tests.Engine.Invocation;

/// <summary>Goal: who waits too long hears so, once, and nothing is left behind.</summary>
public sealed class DeadlinesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ManualTime _clock = new();

    [Fact]
    public void A_call_that_ended_while_it_was_added_is_let_go_at_its_limit()
    {
        using var deadlines = new Deadlines(_clock, stripes: 1);
        var call = new SilentCall { SentAt = _clock.GetTimestamp() };
        var answer = call.Expect();

        // As when the caller's token is cancelled on another thread, before the call is among those that wait.
        Assert.True(call.Cancel(new CancellationToken(canceled: true)));
        deadlines.Add(call, deadlines.IndexOf(Limit));
        Assert.True(_clock.AdvanceToNext());
        Assert.True(answer.IsCanceled);
        Assert.Equal(0, deadlines.Count);
        Assert.Null(_clock.NextDue);
    }

    [Fact]
    public async Task A_call_without_an_answer_fails_at_its_limit_and_not_before()
    {
        using var deadlines = new Deadlines(_clock, stripes: 1);
        var call = new SilentCall { SentAt = _clock.GetTimestamp() };
        var answer = call.Expect();
        deadlines.Add(call, deadlines.IndexOf(Limit));
        _clock.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.False(answer.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => answer);
        Assert.Equal(0, deadlines.Count);
        Assert.Equal(0, _clock.ArmedTimers);
    }

    private sealed class SilentCall : Call<int>
    {
        public override string ToString() => "a call";

        public override void WriteArguments(WireWriter writer, object[] codecs) => throw new NotSupportedException();

        public override void ReadArguments(WireReader reader, object[] codecs, int count) =>
            throw new NotSupportedException();

        protected override Task? TryInvoke(object grain, out int result) => throw new NotSupportedException();

        protected override int ResultOf(Task finished) => throw new NotSupportedException();
    }
}

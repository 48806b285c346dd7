using System.Collections.Immutable;

namespace Aedile.Engine.Invocation;

/// <summary>Knows every call that waits for an answer, and fails those that waited too long.</summary>
/// <remarks>
/// One timer serves all calls. Calls with equal limits are due in the order in which they were made, so a list
/// needs no sorting; there is one list for each limit and stripe of threads, so that senders seldom share a lock.
/// </remarks>
internal sealed class Deadlines : IDisposable
{
    // Longer ones would go beyond what timestamps can count.
    private static readonly TimeSpan ForEver = TimeSpan.FromDays(36_500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly TimeProvider _clock;
    private readonly int _stripes;
    private readonly ITimer _timer;
    private readonly Lock _arming = new();
    private readonly Dictionary<TimeSpan, int> _limits = [];
    private ImmutableArray<DeadlineLane[]> _lanes = [];
    private long _armedFor = long.MaxValue;

    /// <param name="clock">Measures the limits.</param>
    /// <param name="stripes">A power of two. 1 makes the order in which calls fail depend on nothing but time.</param>
    public Deadlines(TimeProvider clock, int stripes)
    {
        _clock = clock;
        _stripes = stripes;
        _timer = clock.CreateTimer(
            static self => ((Deadlines)self!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many calls wait.</summary>
    public int Count => Waiting().Count;

    /// <summary>Returns the index of a limit, for <see cref="Add"/>; -1 when calls may wait for ever.</summary>
    public int IndexOf(TimeSpan limit)
    {
        if (limit == Timeout.InfiniteTimeSpan || limit >= ForEver) return -1;
        lock (_arming)
        {
            if (_limits.TryGetValue(limit, out var known)) return known;
            var length = (long)(limit.TotalSeconds * _clock.TimestampFrequency);
            var lanes = new DeadlineLane[_stripes];
            for (var i = 0; i < lanes.Length; i++) lanes[i] = new DeadlineLane(length);
            _lanes = _lanes.Add(lanes);
            return _limits[limit] = _lanes.Length - 1;
        }
    }

    public void Add(Call call, int limit)
    {
        if (limit < 0) return;
        var lane = _lanes[limit][Environment.CurrentManagedThreadId & (_stripes - 1)];
        lane.Add(call);

        // Added first, read second: a sweep resets the time first and looks at the lanes second, so one sees the other.
        if (call.SentAt + lane.Length < Volatile.Read(ref _armedFor)) Arm(call.SentAt + lane.Length);
    }

    /// <summary>Fails every call that waits.</summary>
    public void FailAll(Func<Call, Exception> reason)
    {
        foreach (var call in Waiting()) call.Fail(reason(call));
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        Volatile.Write(ref _armedFor, long.MaxValue);
        var now = _clock.GetTimestamp();
        if (NextDue() <= now)
        {
            var waiting = Waiting();

            // The chains are read before any call fails: in a cycle all fail at one moment, and each names the others.
            var chains = new CallChains(waiting);
            var late = waiting.Where(call => call.Lane is { } lane && call.SentAt + lane.Length <= now)
                .Select(call => (Call: call, Error: chains.Timeout(call, now, _clock))).ToList();
            foreach (var (call, error) in late)
            {
                // One that ended while it was added wasn't here yet to be taken out.
                if (!call.Fail(error)) call.Lane?.Remove(call);
            }
        }

        if (NextDue() is var next && next != long.MaxValue) Arm(next);
    }

    /// <summary>Returns the calls that wait, in no order.</summary>
    public List<Call> Waiting()
    {
        var calls = new List<Call>();
        foreach (var lane in _lanes.SelectMany(lanes => lanes)) lane.CopyTo(calls);
        return calls;
    }

    private long NextDue() =>
        _lanes.SelectMany(lanes => lanes).Select(lane => lane.NextDue()).DefaultIfEmpty(long.MaxValue).Min();

    private void Arm(long due)
    {
        lock (_arming)
        {
            if (due >= _armedFor) return;
            Volatile.Write(ref _armedFor, due);
            var wait = _clock.GetElapsedTime(_clock.GetTimestamp(), due);

            // System timers count whole milliseconds; rounding down would wake up early and spin.
            // They take no more than 49 days; a sweep that comes too early finds nothing and arms again.
            var rounded = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, LongestWait.TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(rounded), Timeout.InfiniteTimeSpan);
        }
    }
}

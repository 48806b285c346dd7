using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Aedile.Tests.Counters;

/// <summary>What callers were told by counters, and what follows from it. Thread-safe.</summary>
internal sealed class CounterLedger(TimeProvider clock)
{
    private readonly ConcurrentQueue<Answer> _answers = [];
    private readonly ConcurrentQueue<Failure> _failures = [];

    /// <summary>Every value that a caller was given.</summary>
    public ImmutableArray<Answer> Answers => [.. _answers];

    /// <summary>Every call that failed.</summary>
    public ImmutableArray<Failure> Failures => [.. _failures];

    /// <summary>How many values were given so far.</summary>
    public int Count => _answers.Count;

    /// <summary>Makes one call and notes its end.</summary>
    public async Task<bool> Call(string key, Func<Task<Count>> add)
    {
        var began = clock.GetTimestamp();
        try
        {
            var count = await add();
            _answers.Enqueue(new Answer(key, count.Value, count.Silo, began, clock.GetTimestamp()));
            return true;
        }
        catch (Exception error)
        {
            _failures.Enqueue(new Failure(key, error, began, clock.GetTimestamp()));
            return false;
        }
    }

    /// <summary>The longest time without any answer since a moment, and the longest that a failed call took.</summary>
    /// <param name="since">A timestamp of the ledger's clock.</param>
    public (TimeSpan Silence, TimeSpan Failure) Worst(long since)
    {
        var (last, silence) = (since, TimeSpan.Zero);
        foreach (var answer in _answers.Where(answer => answer.EndedAt >= since).OrderBy(answer => answer.EndedAt))
        {
            silence = Max(silence, clock.GetElapsedTime(last, answer.EndedAt));
            last = answer.EndedAt;
        }

        var failures = _failures.Where(failure => failure.EndedAt >= since);
        return (
            Max(silence, clock.GetElapsedTime(last)),
            failures.Select(failure => clock.GetElapsedTime(failure.BeganAt, failure.EndedAt))
                .DefaultIfEmpty(TimeSpan.Zero).Max());
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>Faults in what was told, given the values that are stored in the end.</summary>
    public IEnumerable<string> Faults(Func<string, long> stored)
    {
        var failed = _failures.ToLookup(failure => failure.Key, StringComparer.Ordinal);
        foreach (var counter in _answers.GroupBy(answer => answer.Key, StringComparer.Ordinal))
        {
            foreach (var twice in counter.GroupBy(answer => answer.Value).Where(same => same.Count() > 1))
                yield return $"{counter.Key}: {twice.Key} was given {twice.Count()} times: {string.Join("; ", twice)}";

            var last = stored(counter.Key);
            var highest = counter.Max(answer => answer.Value);
            if (highest > last) yield return $"{counter.Key}: {highest} was given, but {last} is stored.";
            var calls = counter.Count() + failed[counter.Key].Count();
            if (last > calls) yield return $"{counter.Key}: {last} is stored after {calls} calls.";

            foreach (var fault in OutOfOrder(counter)) yield return fault;
        }
    }

    // Linearizable: a call that began after another had ended must have been given more.
    private static IEnumerable<string> OutOfOrder(IEnumerable<Answer> counter)
    {
        var ended = new PriorityQueue<Answer, long>(counter.Select(answer => (answer, answer.EndedAt)));
        Answer? highest = null;
        foreach (var answer in counter.OrderBy(answer => answer.BeganAt))
        {
            while (ended.TryPeek(out var other, out var at) && at < answer.BeganAt)
            {
                ended.Dequeue();
                if (highest is null || other.Value > highest.Value) highest = other;
            }

            if (highest is not null && highest.Value >= answer.Value)
                yield return $"{answer.Key}: {answer} began after {highest} had ended.";
        }
    }

    /// <summary>A value that a caller was given, with timestamps of the ledger's clock.</summary>
    internal sealed record Answer(string Key, long Value, string Silo, long BeganAt, long EndedAt);

    /// <summary>A call that failed.</summary>
    internal sealed record Failure(string Key, Exception Error, long BeganAt, long EndedAt);
}

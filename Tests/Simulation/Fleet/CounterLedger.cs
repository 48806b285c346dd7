using Orleans.Storage;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>What users were told of one counter.</summary>
internal sealed class CounterLedger(string name)
{
    private readonly List<Asked> _all = [];
    private readonly Dictionary<long, int> _asked = [];
    private readonly HashSet<long> _acknowledged = [];
    private readonly HashSet<long> _refused = [];

    /// <summary>The counter's key.</summary>
    public string Name => name;

    /// <summary>A call was answered.</summary>
    public void Answered(TimeSpan started, TimeSpan ended, long operation, int number, long sum)
    {
        _asked[operation] = number;
        _acknowledged.Add(operation);
        _all.Add(new Asked(started, ended, operation, number, sum));
    }

    /// <summary>A call failed, or was never heard of again.</summary>
    public void Unanswered(TimeSpan started, long operation, int number, Exception? error)
    {
        _asked[operation] = number;
        if (SaysThatNothingHappened(error)) _refused.Add(operation);
        else _all.Add(new Asked(started, null, operation, number, null));
    }

    /// <summary>Compares with what is stored in the end; null: everything that was told is true.</summary>
    public string? FirstBrokenPromise(CounterState stored, bool wentBack)
    {
        if (stored.Operations.Length != stored.Operations.Distinct().Count())
            return $"a call took effect twice: {string.Join(", ", stored.Operations)}";
        if (stored.Operations.Any(operation => !_asked.ContainsKey(operation))) return "a call that nobody made";
        if (stored.Operations.Sum(operation => (long)_asked[operation]) != stored.Sum) return "the sum is wrong";
        if (stored.Operations.FirstOrDefault(_refused.Contains) is var refused and not 0)
            return $"call {refused} was refused as not run, and ran";
        if (wentBack) return null; // Whatever was acknowledged since the backup is lost by the operator's own hand.
        if (_acknowledged.FirstOrDefault(operation => !stored.Operations.Contains(operation)) is var lost and not 0)
            return $"call {lost} was acknowledged and is lost";
        var history = HistoryOf([.. stored.Operations]);
        return history.IsLinearizable() ? null : $"no order explains\n{history}";
    }

    // What has no answer and isn't there in the end never took effect.
    private CounterHistory HistoryOf(HashSet<long> stored)
    {
        var history = new CounterHistory();
        foreach (var call in _all)
        {
            if (call.Sum is { } sum) history.Answered(call.Started, call.Ended!.Value, call.Number, sum);
            else if (stored.Contains(call.Operation)) history.Unanswered(call.Started, call.Number);
        }
        return history;
    }

    private static bool SaysThatNothingHappened(Exception? error) => error is not null
        && (error is InconsistentStateException
            || error.Message.Contains("did not run", StringComparison.Ordinal)
            || error.Message.Contains("did not see the call", StringComparison.Ordinal));

    private sealed record Asked(TimeSpan Started, TimeSpan? Ended, long Operation, int Number, long? Sum);
}

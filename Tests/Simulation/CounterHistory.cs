namespace Aedile.Tests.Simulation;

/// <summary>What clients saw of one counter: additions, and reads (an addition of 0).</summary>
internal sealed class CounterHistory
{
    private readonly List<Seen<Addition>> _seen = [];

    /// <summary>All of it, in order of the calls' ends.</summary>
    public IReadOnlyList<Seen<Addition>> Seen => _seen;

    /// <summary>An addition was answered with the sum.</summary>
    public void Answered(TimeSpan start, TimeSpan end, int number, long sum) =>
        _seen.Add(new Seen<Addition>(start, end, new Addition(number, sum)));

    /// <summary>Nobody knows whether the addition took effect, or ever will.</summary>
    public void Unanswered(TimeSpan start, int number)
    {
        if (number != 0) _seen.Add(new Seen<Addition>(start, null, new Addition(number, null)));
    }

    /// <summary>Whether an order exists that real time allows and in which every sum is right.</summary>
    public bool IsLinearizable() =>
        new Linearizability<Sum, Addition>(static (sum, call) => call.After(sum)).Explains(_seen, new Sum(0));

    /// <summary>A line for each call.</summary>
    public override string ToString() => string.Concat(_seen.OrderBy(s => s.Start).Select(s =>
        $"{s.Start.TotalMilliseconds:F3}..{s.End?.TotalMilliseconds.ToString("F3", null) ?? "?"} "
        + $"+{s.Call.Number} = {s.Call.Result?.ToString() ?? "?"}\n"));

    /// <summary>A call; null when it wasn't answered.</summary>
    internal sealed record Addition(int Number, long? Result)
    {
        public Sum? After(Sum before)
        {
            var after = new Sum(before.Value + Number);
            return Result is null || Result == after.Value ? after : null;
        }
    }

    /// <summary>The counter.</summary>
    internal sealed record Sum(long Value);
}

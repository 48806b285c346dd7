using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>
/// What clients saw of one ref, as operations on one register, and whether some order explains it (Wing and Gong,
/// "Testing and Verifying Concurrent Objects", 1993; states already tried are remembered, after Lowe, 2017). It knows
/// nothing of the coordinator's own order.
/// </summary>
internal sealed class RegisterHistory
{
    private readonly List<Operation> _operations = [];
    private readonly HashSet<(ulong Done, string Value)> _tried = [];

    private RegisterHistory() { }

    /// <summary>The refs that were pushed to.</summary>
    public static IReadOnlyList<string> NamesIn(History history) =>
        [.. history.Pushes.SelectMany(p => p.Updates).Select(u => u.Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The history of one ref.</summary>
    public static RegisterHistory Of(string name, History history, bool withReads)
    {
        var register = new RegisterHistory();
        foreach (var push in history.Pushes)
        {
            var index = push.Updates.ToList().FindIndex(u => u.Name == name);
            if (index < 0 || push.Outcomes[index] is RefOutcome.NotMoved) continue;
            var update = push.Updates[index];
            var end = push.Outcomes[index] is RefOutcome.Unknown ? TimeSpan.MaxValue : push.Ended;
            register._operations.Add(new Operation(push.Started, end, push.Outcomes[index], update.Old, update.New));
        }
        if (!withReads) return register;
        foreach (var read in history.Reads)
        {
            var value = read.Refs.GetValueOrDefault(name, RefUpdate.Zero);
            register._operations.Add(new Operation(read.Started, read.Ended, null, value, value));
        }
        return register;
    }

    /// <summary>Whether an order exists that real time allows and in which every answer is right.</summary>
    public bool IsLinearizable()
    {
        // A bit each; a longer history of one ref would need another set, and more patience.
        if (_operations.Count > 64) return true;
        return Explains(0, RefUpdate.Zero);
    }

    private bool Explains(ulong done, string value)
    {
        if (!_tried.Add((done, value))) return false;
        var deadline = TimeSpan.MaxValue;
        var isComplete = true;
        for (var i = 0; i < _operations.Count; i++)
        {
            if ((done >> i & 1) == 1) continue;
            if (_operations[i].End < deadline) deadline = _operations[i].End;
            // What nobody was told of need never have happened.
            isComplete &= _operations[i].Outcome is RefOutcome.Unknown;
        }
        if (isComplete) return true;
        for (var i = 0; i < _operations.Count; i++)
        {
            // Only what began before every other open operation had ended can be next.
            if ((done >> i & 1) == 1 || _operations[i].Start > deadline) continue;
            if (_operations[i].Next(value) is { } next && Explains(done | 1UL << i, next)) return true;
        }
        return false;
    }

    private sealed record Operation(TimeSpan Start, TimeSpan End, RefOutcome? Outcome, string Old, string New)
    {
        // Null: this can't be what happened next.
        public string? Next(string value) => Outcome switch
        {
            null => value == Old ? value : null,
            RefOutcome.Stale => value != Old ? value : null,
            _ => value == Old ? New : null,
        };
    }
}

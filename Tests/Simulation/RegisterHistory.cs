using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>
/// What clients saw of one ref, as operations on one register. It knows nothing of the coordinator's own order.
/// </summary>
internal sealed class RegisterHistory
{
    private readonly List<Seen<RefCall>> _seen = [];

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
            var (update, outcome) = (push.Updates[index], push.Outcomes[index]);
            register._seen.Add(new Seen<RefCall>(
                push.Started, outcome is RefOutcome.Unknown ? null : push.Ended,
                new RefCall(outcome, update.Old, update.New)));
        }
        if (!withReads) return register;
        foreach (var read in history.Reads)
        {
            var value = read.Refs.GetValueOrDefault(name, RefUpdate.Zero);
            register._seen.Add(new Seen<RefCall>(read.Started, read.Ended, new RefCall(null, value, value)));
        }
        return register;
    }

    /// <summary>Whether an order exists that real time allows and in which every answer is right.</summary>
    public bool IsLinearizable() =>
        new Linearizability<string, RefCall>(static (value, call) => call.After(value))
            .Explains(_seen, RefUpdate.Zero);

    // A push moves the ref from Old to New, or doesn't if it is elsewhere; null: a read that saw Old.
    private sealed record RefCall(RefOutcome? Outcome, string Old, string New)
    {
        public string? After(string value) => Outcome switch
        {
            null => value == Old ? value : null,
            RefOutcome.Stale => value != Old ? value : null,
            RefOutcome.Unknown => value == Old ? New : value,
            _ => value == Old ? New : null,
        };
    }
}

using System.Globalization;
using System.Text;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>Explains why a call waits: which calls the called grain itself waits for, and so on.</summary>
internal sealed class CallChains(IEnumerable<Call> waiting)
{
    private const int LongestChain = 16;
    private const string Outside = "outside of grains";

    private readonly ILookup<GrainId, Call> _bySource = waiting
        .Where(call => call.Caller is not null)
        .ToLookup(call => call.Caller!.Value);

    /// <returns>An exception that names the chain, and says so when it comes back to where it began.</returns>
    public TimeoutException Timeout(Call late, long now, TimeProvider clock)
    {
        var waited = clock.GetElapsedTime(late.SentAt, now);
        var text = new StringBuilder($"No answer within {waited.TotalSeconds:0.###} s. ")
            .Append(late.IsRouted
                ? "The call was not sent, so its grain did not see it"
                : "The grain goes on; whether the call took effect is unknown")
            .Append(". Chain of waiting calls: ")
            .Append(late.Callers() is { Count: > 0 } callers ? string.Join(" -> ", callers.Reverse()) : Outside);

        var passed = new HashSet<GrainId>();
        if (late.Caller is { } caller) passed.Add(caller);
        Follow(text, late, passed);
        return new TimeoutException(text.ToString());
    }

    /// <summary>Says what a call of another process waits for here.</summary>
    public string Explain(Call served, TimeSpan since)
    {
        var text = new StringBuilder(served.HasStarted ? "the grain works on it" : "it waits for its turn")
            .Append(CultureInfo.InvariantCulture, $", {since.TotalSeconds:0.###} s after it came:");
        Follow(text, served, []);
        return text.ToString();
    }

    private void Follow(StringBuilder text, Call first, HashSet<GrainId> passed)
    {
        var last = first;
        for (var call = first; call is not null && passed.Count < LongestChain; call = Next(call))
        {
            text.Append(" -> ").Append(call);
            last = call;
            if (passed.Add(call.Target)) continue;
            text.Append(". The chain comes back to ").Append(call.Target)
                .Append(", which waits for itself: break the cycle, or allow call-chain reentrancy.");
            break;
        }

        if (last.Status is { } status) text.Append(" [").Append(status).Append(']');
    }

    private Call? Next(Call call) => _bySource[call.Target].MinBy(outgoing => outgoing.SentAt);
}

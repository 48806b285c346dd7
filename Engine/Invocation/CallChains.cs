using System.Text;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>Explains why a call waits: which calls the called grain itself waits for, and so on.</summary>
internal sealed class CallChains(IEnumerable<Call> waiting)
{
    private const int LongestChain = 16;

    private readonly ILookup<GrainId, Call> _bySource = waiting
        .Where(call => call.Source is not null)
        .ToLookup(call => call.Source!.GrainId);

    /// <returns>An exception that names the chain, and says so when it comes back to where it began.</returns>
    public TimeoutException Timeout(Call late, long now, TimeProvider clock)
    {
        var waited = clock.GetElapsedTime(late.SentAt, now);
        var text = new StringBuilder($"No answer within {waited.TotalSeconds:0.###} s. The grain goes on; whether the ")
            .Append("call took effect is unknown. Chain of waiting calls: ")
            .Append(late.Source is { } source ? source.GrainId.ToString() : "outside of grains");

        var passed = new HashSet<GrainId>();
        if (late.Source is not null) passed.Add(late.Source.GrainId);
        for (var call = late; call is not null && passed.Count < LongestChain; call = Next(call))
        {
            text.Append(" -> ").Append(call);
            if (passed.Add(call.Target.GrainId)) continue;
            text.Append(". The chain comes back to ").Append(call.Target.GrainId)
                .Append(", which waits for itself: break the cycle, or allow call-chain reentrancy.");
            break;
        }

        return new TimeoutException(text.ToString());
    }

    private Call? Next(Call call) => _bySource[call.Target.GrainId].MinBy(outgoing => outgoing.SentAt);
}

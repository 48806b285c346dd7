using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;

namespace Aedile.Engine.Enumerations;

/// <summary>What the calls of an enumeration have in common.</summary>
internal static class EnumerationCalls
{
    // Of a caller that waits for ever.
    private static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(1);

    /// <summary>How long a call may wait for an item: half of what its caller waits, so that the answer "none yet"
    /// is there in time.</summary>
    public static TimeSpan PatienceOf(Call call)
    {
        if (call.Origin is { Request.LifeMs: not uint.MaxValue } origin)
            return TimeSpan.FromMilliseconds(origin.Request.LifeMs / 2.0);
        return call.Lane is { } lane
            ? ActivationScope.Running!.Silo.Clock.GetElapsedTime(0, lane.Length) / 2
            : LongestPatience;
    }

    /// <summary>Takes a page, with the signature that calls have.</summary>
    public static Task? Take<T>(
        Enumeration<T> enumeration, TimeSpan patience, CancellationToken stop, out Page<T>? result)
    {
        var taking = enumeration.Take(patience, stop);
        result = taking.IsCompletedSuccessfully ? taking.Result : null;
        return result is null ? taking : null;
    }
}

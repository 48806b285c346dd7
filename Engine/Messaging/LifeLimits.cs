using System.Numerics;
using Aedile.Engine.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Limits in a process's <see cref="Invocation.Deadlines"/> for calls of other processes.</summary>
/// <remarks>
/// Powers of two, so that no sender can make this process keep a list for each of a million limits. The sender gives
/// up by itself and says so; this only ends what a sender that died has left.
/// </remarks>
internal sealed class LifeLimits(ICallHost host)
{
    private readonly int[] _limits = new int[33];

    /// <summary>Returns the index of a limit that is no shorter than what the sender waits.</summary>
    public int For(uint lifeMs)
    {
        var power = lifeMs <= 1 ? 0 : 32 - BitOperations.LeadingZeroCount(lifeMs - 1);
        if (_limits[power] == 0) _limits[power] = 1 + host.Deadlines.IndexOf(TimeSpan.FromMilliseconds(1L << power));
        return _limits[power] - 1;
    }
}

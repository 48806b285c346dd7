using Aedile.Client.Fleet;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Ends the work at a named point as a crash does: nothing after it happens in this run of the role.</summary>
internal sealed class CrashHere(string? at) : ICrashPoints
{
    public void Reach(string point)
    {
        if (point == at) throw new CrashedException(point);
    }
}

internal sealed class CrashedException(string point) : Exception($"Crashed at {point}.");

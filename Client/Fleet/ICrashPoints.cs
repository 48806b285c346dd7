namespace Aedile.Client.Fleet;

/// <summary>
/// Named places in a protocol where a test may stop the process. In production nothing listens: the cost is one
/// virtual call.
/// </summary>
public interface ICrashPoints
{
    /// <summary>The protocol has come to <paramref name="point"/>, and everything before it has taken effect.</summary>
    void Reach(string point);
}

/// <summary>Nobody stops.</summary>
public sealed class NoCrashPoints : ICrashPoints
{
    /// <inheritdoc/>
    public void Reach(string point) { }
}

using Aedile.Client.Model.Copies;

namespace Aedile.Agent.Model;

/// <summary>When a session is with the wrong silo: one that can't ask the database, while another can. Pure.</summary>
internal static class LagRule
{
    /// <summary>
    /// A silo that could not ask the database for so long lags. A healthy one asks four times a second, so it takes
    /// more than a busy machine; and less than until the other silos take its agents for gone (13 s).
    /// </summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(5);

    /// <summary>Whether others should be asked.</summary>
    /// <param name="at">What the session's silo says of itself.</param>
    public static bool Lags(CopyPoint at) => AgeOf(at) > AgeMax;

    /// <summary>Whether another silo is better off, by more than the time that asking takes.</summary>
    /// <param name="at">What the session's silo said of itself.</param>
    /// <param name="other">What the other says.</param>
    public static bool IsBetter(CopyPoint at, CopyPoint other) =>
        AgeOf(other) < AgeMax / 2
        // All are cut off: then the one that saw more.
        || (other.Timeline == at.Timeline && other.Index > at.Index);

    private static TimeSpan AgeOf(CopyPoint point) => TimeSpan.FromMilliseconds(point.AgeMs);
}

using System.Collections.Immutable;

namespace Aedile.Agent.Fleet;

/// <summary>Why a session, or the attempt to open one, ended.</summary>
internal enum SessionEndKind
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>It never stood: nobody answered, or not in time.</summary>
    NotOpened,

    /// <summary>The silo says that asking again is of no use.</summary>
    Refused,

    /// <summary>The connection broke, or the silo closed it.</summary>
    Lost,

    /// <summary>The silo says and takes nothing any more.</summary>
    Silent,

    /// <summary>The silo sends the agent to another one.</summary>
    SentAway,
}

/// <summary>
/// Where to connect next, and after which pause: after a stable session the same silo once at once, then the others
/// with full jitter over a doubling bound (Brooker, "Exponential Backoff and Jitter", 2015), so that a thousand agents
/// don't come back in step. A session that ends soon after its welcome counts as a failure: a silo that welcomes and
/// closes at once is not asked in a tight loop. Pure but for the injected chance.
/// </summary>
/// <param name="Failures">Attempts since the last stable session.</param>
/// <param name="Tried">Silos that were tried since, in vain; emptied when all were.</param>
internal sealed record ReconnectPlan(int Failures, ImmutableHashSet<Uri> Tried)
{
    /// <summary>Longest pause.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    /// <summary>A session that stood this long was stable.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(5);

    private const int DoublingsMax = 10;
    private static readonly TimeSpan PauseFirst = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RefusedPause = TimeSpan.FromSeconds(30);

    /// <summary>Nothing was tried yet.</summary>
    public static ReconnectPlan Start { get; } = new(0, []);

    /// <summary>The next step after an end.</summary>
    /// <param name="last">The silo that it was with.</param>
    /// <param name="kind">How it ended.</param>
    /// <param name="stood">How long it had stood.</param>
    /// <param name="chance">Chooses the pause.</param>
    public (ReconnectPlan Plan, TimeSpan Pause, Uri? Same) After(
        Uri last, SessionEndKind kind, TimeSpan stood, Random chance)
    {
        var isStable = stood >= StableAfter;
        if (isStable && kind is SessionEndKind.Lost) return (Start, TimeSpan.Zero, last);
        var failures = isStable ? 1 : Failures + 1;
        var plan = new ReconnectPlan(failures, (isStable ? [] : Tried).Add(last));
        if (kind is SessionEndKind.Refused) return (plan, RefusedPause, null);
        var bound = PauseFirst * Math.Pow(2, Math.Min(failures - 1, DoublingsMax));
        return (plan, chance.NextDouble() * (bound < PauseMax ? bound : PauseMax), null);
    }

    /// <summary>One of the silos that were not tried; when all were, of all but the last one.</summary>
    public (ReconnectPlan Plan, Uri Silo) Choose(ImmutableArray<Uri> candidates, Uri? last, Random chance)
    {
        var untried = candidates.Where(c => !Tried.Contains(c)).ToList();
        if (untried.Count > 0) return (this, untried[chance.Next(untried.Count)]);
        var others = candidates.Where(c => candidates.Length == 1 || c != last).ToList();
        return (this with { Tried = [] }, others[chance.Next(others.Count)]);
    }
}

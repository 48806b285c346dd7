using Aedile.Engine.Invocation;
using Aedile.Engine.Placement;

namespace Aedile.Engine.Messaging;

/// <summary>Tells those who wait long for calls that this silo serves what the calls wait for.</summary>
/// <remarks>
/// A word at a quarter of what the caller waits, and at each eighth from then on: its timeout then says where the call
/// was shortly before. A word travels like an answer, so each silo on the way adds what it knows.
/// </remarks>
internal sealed class StatusReports(Deadlines deadlines, IRouter router, TimeProvider clock)
{
    /// <summary>The longest text that is sent or kept, in characters.</summary>
    public const int TextMax = 2000;

    private const int Parts = 8, FirstPart = 2;

    // Calls that may take less than a second or two end before a word would be of use.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private long _reportedAt;

    /// <summary>Reports from now on, until the token is cancelled.</summary>
    public void Start(CancellationToken stop)
    {
        _reportedAt = clock.GetTimestamp();
        var timer = clock.CreateTimer(static self => ((StatusReports)self!).Report(), this, Period, Period);
        stop.UnsafeRegister(static timer => ((ITimer)timer!).Dispose(), timer);
    }

    private void Report()
    {
        var (before, now) = (_reportedAt, clock.GetTimestamp());
        _reportedAt = now;
        var waiting = deadlines.Waiting();
        CallChains? chains = null;
        foreach (var call in waiting)
        {
            if (call.Origin is not { } origin) continue;
            var part = PartOf(call, now);
            if (part is < FirstPart or >= Parts || PartOf(call, before) == part) continue;
            chains ??= new CallChains(waiting);
            origin.Report($"silo {router.Self}: {chains.Explain(call, clock.GetElapsedTime(call.SentAt, now))}");
        }
    }

    // By what the caller waits: this silo's own limit is longer.
    private int PartOf(Call call, long now) =>
        (int)(clock.GetElapsedTime(call.SentAt, now).TotalMilliseconds * Parts / call.Origin!.Request.LifeMs);
}

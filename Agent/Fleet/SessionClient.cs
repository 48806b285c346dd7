using Aedile.Client.Fleet;

namespace Aedile.Agent.Fleet;

/// <summary>Keeps one session open to whichever silo lives; <see cref="ReconnectPlan"/> says when to which.</summary>
internal sealed class SessionClient(
    SessionMessage.Hello hello, SiloList silos, EpochFile epochs, Func<SessionSocket> connect, SessionWork work,
    TimeProvider clock, Random chance, ILogger<SessionClient> log)
{
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(5);
    // The silo that was there a moment ago answers soon or not at all.
    private static readonly TimeSpan SameOpenLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ResolveLimit = TimeSpan.FromSeconds(2);

    /// <summary>Whether a session stands.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Runs until cancelled; never throws.</summary>
    public async Task Run(CancellationToken stopping)
    {
        var plan = ReconnectPlan.Start;
        Uri? last = null, same = null;
        for (long attempt = 1; !stopping.IsCancellationRequested; attempt++)
        {
            var isSame = same is not null;
            (plan, last) = isSame ? (plan, same!) : await Choose(plan, last, stopping);
            silos.Use(last);
            var end = await RunOne(last, attempt, isSame ? SameOpenLimit : OpenLimit, stopping);
            IsConnected = false;
            if (stopping.IsCancellationRequested) return;
            (plan, var pause, same) = plan.After(last, end.Kind, end.Stood, chance);
            // It was asked a moment ago and is there.
            same ??= end.Next;
            // The first failure is news, its repetition is not.
            if (end.Kind is SessionEndKind.Refused) log.SessionRefused(last, end.Reason, pause.TotalSeconds);
            else if (plan.Failures <= 1) log.SessionEnded(last, end.Reason);
            try { await Task.Delay(pause, clock, stopping); }
            catch (OperationCanceledException) { return; } // The agent ends.
        }
    }

    private async Task<(ReconnectPlan Plan, Uri Silo)> Choose(
        ReconnectPlan plan, Uri? last, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(ResolveLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        await silos.Resolve(either.Token);
        return plan.Choose(silos.Candidates, last, chance);
    }

    private async Task<SessionEnd> RunOne(Uri silo, long attempt, TimeSpan openLimit, CancellationToken stopping)
    {
        using var socket = connect();
        var greeting = hello with
        {
            Attempt = attempt, HighestEpoch = epochs.Highest, LastEvent = work.Status.LastEvent,
        };
        return await new SessionRun(greeting, socket, silos, epochs, work, clock)
            .Run(silo, openLimit, Stands, stopping);

        void Stands()
        {
            IsConnected = true;
            log.SessionStands(silo);
        }
    }
}

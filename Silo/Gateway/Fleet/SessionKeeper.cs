using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage.Fleet;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// Begins and ends the sessions that this silo holds. A claim that the database doesn't take now is repeated until it
/// does, or the session ends.
/// </summary>
internal sealed class SessionKeeper(
    FleetNodes nodes, ISessionTable table, ViewSignal signal, SiloIdentity silo, IOptions<FleetOptions> options,
    TimeProvider clock, ILogger<SessionKeeper> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A session begins: with its epoch, or provisionally when the database doesn't give one in time.
    /// </summary>
    /// <returns>
    /// Whether it began; if not, its agent has connected anew meanwhile. And the one it replaced, if that stood.
    /// </returns>
    public async Task<(bool Began, NodeSession? Replaced)> Begin(NodeSession session)
    {
        var (row, isLate) = await TryClaim(session);
        if (isLate) return (false, null);
        if (row is not null) session.Claimed(row.Epoch);
        var replaced = nodes.Begin(session, row);
        session.Send(WelcomeOf(session));
        if (row is null) _ = KeepClaiming(session);
        return (true, replaced);
    }

    /// <summary>A session ends. Idempotent.</summary>
    /// <param name="session">The session.</param>
    /// <param name="isLeaving">Whether its agent will come back, here or elsewhere.</param>
    public void End(NodeSession session, bool isLeaving)
    {
        if (!session.End(isLeaving)) return;
        nodes.NoteEnd(session);
        // The view's next round writes it to the table.
        signal.Request();
    }

    /// <summary>The table says otherwise of sessions that stand here.</summary>
    public void Settle(ImmutableArray<NodeSession> doubted)
    {
        foreach (var session in doubted)
        {
            // Another silo took this one for dead and ended the session: it needs a new epoch. If the agent has a newer
            // session elsewhere, there is none to be had, and it ends.
            log.SessionDoubted(session.Hello.Node);
            _ = KeepClaiming(session);
        }
    }

    /// <summary>Tells all agents what changed in their welcome.</summary>
    public void WelcomeAll()
    {
        foreach (var session in nodes.OwnSessions) session.Send(WelcomeOf(session));
    }

    private SessionMessage.Welcome WelcomeOf(NodeSession session) => new(
        (int)options.Value.BeatInterval.TotalMilliseconds, session.Epoch, nodes.Gateways);

    private async Task<(SessionRow? Row, bool IsLate)> TryClaim(NodeSession session)
    {
        using var limit = new CancellationTokenSource(options.Value.ClaimLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, session.Ended);
        var hello = session.Hello;
        var claim = new SessionClaim(
            hello.Node, AgentIdentity.From(hello), hello.HighestEpoch, session.Epoch, silo.Run, clock.GetUtcNow());
        try
        {
            var row = await table.Claim(hello.Node, before => SessionRules.Claim(before, claim), either.Token);
            return (row, row is null);
        }
        catch (Exception error) when (error is DbException or OperationCanceledException)
        {
            if (session.Stands) log.NotClaimed(error, hello.Node);
            return (null, false);
        }
    }

    private async Task KeepClaiming(NodeSession session)
    {
        try
        {
            while (session.Stands)
            {
                var (row, isLate) = await TryClaim(session);
                if (isLate)
                {
                    End(session, isLeaving: true);
                    return;
                }
                if (row is not null)
                {
                    // Even if it ended at this moment: with its epoch, its end finds its way to the table.
                    session.Claimed(row.Epoch);
                    nodes.Take(row);
                    session.Send(WelcomeOf(session));
                    signal.Request();
                    return;
                }
                await Task.Delay(Pause, clock, session.Ended);
            }
        }
        catch (OperationCanceledException)
        {
            // It ended without an epoch: there is nothing to write.
        }
    }
}

using Aedile.Engine.Invocation;
using Aedile.Engine.Placement;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>
/// Brings requests on their way that can't go at once: no owner yet, no link, a view that is to come.
/// </summary>
/// <remarks>Only what was surely not sent is tried again. Who waits sets the end: an abandoned request goes no
/// further.</remarks>
internal sealed class RequestRoute(IRouter router, SiloPeers peers, TimeProvider clock)
{
    // A silo that refuses connections is out of the view within a second or so; a pause much shorter would only burn
    // time, a longer one would be felt after the view has changed (which ends the pause anyway).
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long a request goes round before it fails. The caller of most gives up no later; one-way calls have none.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly OneWayGate _oneWays = new();

    /// <summary>Goes on until the request was handed over, refused or abandoned. It never throws.</summary>
    public async Task Go(IRoutable request, string? reason = null)
    {
        if (!request.IsOneWay) await GoOn(request, reason);
        else if (_oneWays.TryEnter())
        {
            await GoOn(request, reason);
            _oneWays.Leave();
        }
        else request.TurnAway(new SiloUnavailableException("Too many one-way calls wait for their silos already."));
    }

    private async Task GoOn(IRoutable request, string? reason)
    {
        var began = clock.GetTimestamp();
        while (!request.IsAbandoned)
        {
            var view = router.ViewVersion;
            reason ??= await TryOnce(request);
            if (reason is null) return;
            if (clock.GetElapsedTime(began) > Patience)
            {
                request.TurnAway(new SiloUnavailableException(
                    $"{request.Target} could not be reached, so the call did not run: {reason}"));
                return;
            }

            request.Waits(reason);
            reason = null;
            await PauseOrNewView(view);
        }
    }

    /// <returns>Why it is still here; null: it is not.</returns>
    private async Task<string?> TryOnce(IRoutable request)
    {
        var view = router.ViewVersion;
        if (request.View > view) return $"a view as new as {request.View} is awaited";
        if (router.OwnerOf(request.Target) is not { } owner) return "no silo may host it now";
        try
        {
            if (owner.Equals(router.Self))
            {
                request.Waits("earlier silos have not handed over yet");
                await router.WhenMayHost(request.Target, CancellationToken.None);

                // While it waited the grain may have got another owner.
                if (router.ViewVersion != view && !router.Self.Equals(router.OwnerOf(request.Target)))
                    return "its owner has changed";
                request.DeliverHere();
                return null;
            }

            return request.TrySend(await LinkTowards(owner, request)) ? null : $"the link with {owner} has ended";
        }
        catch (Exception error) when (error is IOException or SiloUnavailableException or TimeoutException)
        {
            return error.Message;
        }
    }

    // Straight; or, while the network carries nothing there, by way of a silo that this one reaches: that one passes
    // the request on like any other that came to the wrong place. Once only: if it doesn't reach the owner either, the
    // request waits there for a newer view.
    private async Task<PeerLink> LinkTowards(SiloAddress owner, IRoutable request)
    {
        var straight = peers[owner].Connect();
        if (straight.IsCompletedSuccessfully || !request.MayDetour || !peers[owner].IsCutOff) return await straight;
        var others = peers.All.Select(peer => peer.Link).OfType<PeerLink>().Where(link => link.IsOpen).ToList();
        if (others.Count == 0) return await straight;
        _ = Quietly(straight);
        return others[(int)(request.Target.GetUniformHashCode() % (uint)others.Count)];
    }

    private static async Task Quietly(Task dial)
    {
        try
        {
            await dial;
        }
        catch (Exception error) when (error is IOException or SiloUnavailableException)
        {
            // The silo is still cut off; the next request tries again.
        }
    }

    private async Task PauseOrNewView(long view)
    {
        using var stop = new CancellationTokenSource();
        var pause = Task.Delay(Pause, clock, stop.Token);
        var newer = router.WhenNewerThan(view, stop.Token);
        await Task.WhenAny(pause, newer);
        stop.Cancel();
    }
}

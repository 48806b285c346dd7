using System.Net;
using Aedile.Engine.Messaging;
using Microsoft.Extensions.Logging;

namespace Aedile.Engine.Client;

/// <summary>Links a client with a gateway.</summary>
internal sealed class GatewayDialler(
    INetwork network, ILinkOwner owner, string client, string clusterId, string serviceId, TimeProvider clock,
    ILogger log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <exception cref="IOException">Nobody listens there, or one end refuses the other.</exception>
    public async Task<PeerLink> Dial(IPEndPoint gateway, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        ILink link;
        try
        {
            link = await network.Connect(gateway, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"{gateway} could not be reached within {Limit.TotalSeconds} s.");
        }

        var ours = new Greeting(clusterId, serviceId, null, client, null, clock.GetUtcNow());
        var introduction = new Introduction(
            link, theirs => GreetingRules.JudgeAnswer(theirs, ours), theirs => Take(link, theirs), clock, Limit, log);
        return await introduction.Begin(ours);
    }

    private PeerLink Take(ILink link, Greeting theirs)
    {
        if (GreetingRules.ClockDifference(theirs, clock.GetUtcNow()) is { } difference)
            log.ClocksDiffer(theirs.Name, difference.TotalSeconds);
        return new PeerLink(link, theirs, isDialled: true, owner, clock);
    }
}

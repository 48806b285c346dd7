using Aedile.Engine.Messaging;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>Tells all silos of a view that this one made, and hears of theirs.</summary>
/// <remarks>It only saves time: probes compare views too, and beats read the table.</remarks>
internal sealed class ViewGossip(
    SiloAddress self, MembershipTable table, ISiloMessenger messenger, TimeSpan limit, ILogger log)
{
    public void Start() => messenger.Answer<NewView, NewViewReply>((_, news, _) =>
    {
        if (news.Version > table.View.Version) table.Offer(ViewMessages.ToSnapshot(news));
        return Task.FromResult(new NewViewReply(table.View.Version));
    });

    /// <summary>Sends a view to every other living silo at once. Completes when all have it, or failed.</summary>
    public Task Tell(MembershipTableSnapshot view, CancellationToken cancellation)
    {
        var message = ViewMessages.From(view);
        return Task.WhenAll(view.Entries
            .Where(entry => entry.Status != SiloStatus.Dead && !entry.Address.Equals(self))
            .Select(entry => Tell(entry.Address, message, cancellation)));
    }

    private async Task Tell(SiloAddress silo, NewView message, CancellationToken cancellation)
    {
        try
        {
            await messenger.Ask<NewView, NewViewReply>(silo, message, limit, cancellation);
        }
        catch (Exception error) when (error is SiloUnavailableException or TimeoutException
            or OrleansException or OperationCanceledException)
        {
            log.GossipFailed(message.Version, silo, error.Message);
        }
    }
}

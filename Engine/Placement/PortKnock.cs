using Aedile.Engine.Messaging;
using Orleans.Runtime;

namespace Aedile.Engine.Placement;

/// <summary>Finds out whether a silo's process is gone: then nobody need wait for its lease to end.</summary>
internal sealed class PortKnock(INetwork network, TimeProvider clock)
{
    // An address that swallows packets says nothing, and what waits for the answer has a lease to look at.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <returns>True only when the silo's port refuses connections. It takes a quarter of a second at most.</returns>
    public async Task<bool> IsGone(SiloAddress silo, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var link = await network.Connect(silo.Endpoint, both.Token).WaitAsync(both.Token);
            link.Close(null);
            return false;
        }
        catch (ConnectionRefusedException)
        {
            return true;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return false;
        }
    }
}

using System.Net;
using Aedile.Engine.Messaging;

namespace Aedile.Engine.Simulation;

/// <summary>The simulated network as one process on a machine reaches it.</summary>
internal sealed class SimulatedPort(LinkNetwork network, SimulatedProcess process, IPAddress machine) : INetwork
{
    /// <inheritdoc/>
    public async Task<ILink> Connect(IPEndPoint address, CancellationToken cancellation)
    {
        network.Scheduler.AssertInside($"connect to {address}");
        if (!process.IsAlive) await SimulatedProcess.Never<bool>();
        var answer = SimulatedProcess.Source<ILink>();
        network.Connect(process, machine, address, link =>
        {
            if (link is null)
            {
                var refused = new IOException($"{address} answered with a reset.");
                answer.TrySetException(new ConnectionRefusedException(address, refused));
            }
            else if (!answer.TrySetResult(link))
            {
                link.Close(null); // The caller has given up meanwhile.
            }
        });
        await using var _ = cancellation.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<ILink>)state!).TrySetCanceled(token), answer);
        return await answer.Task;
    }

    /// <inheritdoc/>
    public Task<IListener> Listen(IPEndPoint address, Action<ILink> accepted, CancellationToken cancellation)
    {
        network.Scheduler.AssertInside($"listen at {address}");
        try
        {
            return Task.FromResult<IListener>(network.Listen(process, address, accepted));
        }
        catch (IOException taken)
        {
            return Task.FromException<IListener>(taken);
        }
    }
}

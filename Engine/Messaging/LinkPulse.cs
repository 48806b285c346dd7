using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Ends links between silos that carry nothing any more, so that new ones can be made.</summary>
/// <remarks>
/// A network that swallows packets, or a firewall that has forgotten a connection, breaks nothing: TCP goes on sending
/// for a quarter of an hour, and what waits on the link waits as long. Only a question shows it.
/// </remarks>
internal sealed class LinkPulse(LinkQuestions questions, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Longer than it takes to declare a silo dead that answers nobody: that ends its links with a better reason.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Answers the other ends.</summary>
    public void Start() => questions.Answer<SiloPulse, SiloPulseReply>(
        PeerKind.Silo, static (_, _) => Task.FromResult(new SiloPulseReply()));

    /// <summary>Watches a link until it retires or ends.</summary>
    public async Task Watch(PeerLink link)
    {
        while (true)
        {
            await Task.Delay(Interval, clock);
            if (!link.IsOpen) return;
            var (asked, received) = (clock.GetTimestamp(), link.FramesReceived);
            try
            {
                await questions.Ask<SiloPulse, SiloPulseReply>(link, new SiloPulse(), Limit, CancellationToken.None);
            }
            catch (TimeoutException error)
            {
                // Who slept through its own timeout has learned nothing about the link; and one that carries something
                // is whole, however busy its ends are.
                if (clock.GetElapsedTime(asked) > Limit * 2 || link.FramesReceived != received) continue;
                link.Close(error);
                return;
            }
            catch (OrleansException)
            {
                // It ended, or the other end is about to; both are noticed above.
            }
        }
    }
}

using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Questions between the engines of silos, on the links that calls use too.</summary>
internal sealed class SiloMessenger(LinkQuestions questions, SiloPeers peers, TimeProvider clock) : ISiloMessenger
{
    // When both silos dial at once one link gives way to the other, which is there already: that is no failure.
    private const int LinksTried = 3;

    public Action<SiloAddress> LinkEnded { get; set; } = _ => { };

    public long ReceivedFrom(SiloAddress silo) => peers[silo].FramesReceived;

    public async Task<TReply> Ask<TQuestion, TReply>(
        SiloAddress silo, TQuestion question, TimeSpan limit, CancellationToken cancellation)
        where TQuestion : notnull
        where TReply : notnull
    {
        var began = clock.GetTimestamp();
        for (var attempt = 0; attempt < LinksTried; attempt++)
        {
            var link = await LinkWith(silo, Left(), cancellation);
            if (questions.TryAsk<TQuestion, TReply>(link, question, Left(), cancellation) is { } asked)
                return await asked;
        }

        throw new SiloUnavailableException($"{silo} could not be asked: its link has just ended.");

        // Looked at before every wait: on a busy machine the time may be over between any two of them.
        TimeSpan Left() => limit - clock.GetElapsedTime(began) is var left && left > TimeSpan.Zero
            ? left
            : throw new TimeoutException($"There was no link with {silo} within {limit}.");
    }

    public void Answer<TQuestion, TReply>(Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>> handler)
        where TQuestion : notnull
        where TReply : notnull =>
        questions.Answer<TQuestion, TReply>(
            PeerKind.Silo, (link, question) => handler(link.Peer.Silo!, question, CancellationToken.None));

    public void Abandon(SiloAddress dead) => peers[dead].Abandon();

    public void Release(SiloAddress left) => peers[left].Release();

    private async Task<PeerLink> LinkWith(SiloAddress silo, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            return await peers[silo].Connect().WaitAsync(limit, clock, cancellation);
        }
        catch (IOException error)
        {
            throw new SiloUnavailableException($"{silo} could not be asked: {error.Message}", error);
        }
    }
}

using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Questions between the engines of silos, on the links that calls use too.</summary>
internal sealed class SiloMessenger(LinkQuestions questions, SiloPeers peers, TimeProvider clock) : ISiloMessenger
{
    public Action<SiloAddress> LinkEnded { get; set; } = _ => { };

    public async Task<TReply> Ask<TQuestion, TReply>(
        SiloAddress silo, TQuestion question, TimeSpan limit, CancellationToken cancellation)
        where TQuestion : notnull
        where TReply : notnull
    {
        var began = clock.GetTimestamp();
        PeerLink link;
        try
        {
            link = await peers[silo].Connect().WaitAsync(limit, clock, cancellation);
        }
        catch (IOException error)
        {
            throw new SiloUnavailableException($"{silo} could not be asked: {error.Message}", error);
        }

        var left = limit - clock.GetElapsedTime(began);
        if (left <= TimeSpan.Zero) throw new TimeoutException($"There was no link with {silo} within {limit}.");
        return await questions.Ask<TQuestion, TReply>(link, question, left, cancellation);
    }

    public void Answer<TQuestion, TReply>(Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>> handler)
        where TQuestion : notnull
        where TReply : notnull =>
        questions.Answer<TQuestion, TReply>(
            PeerKind.Silo, (link, question) => handler(link.Peer.Silo!, question, CancellationToken.None));

    public void Abandon(SiloAddress dead) => peers[dead].Abandon();
}

using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>A request on its way to wherever its grain lives. It has not been sent yet.</summary>
internal interface IRoutable
{
    GrainId Target { get; }

    /// <summary>The newest view that anybody on its way has known.</summary>
    long View { get; }

    /// <summary>Whether nobody waits for its answer.</summary>
    bool IsOneWay { get; }

    /// <summary>Whether nobody waits for it any more.</summary>
    bool IsAbandoned { get; }

    /// <summary>Whether it may go by way of a silo that isn't its owner: no silo has passed it on yet.</summary>
    bool MayDetour { get; }

    /// <summary>Hands it to its grain in this silo.</summary>
    void DeliverHere();

    /// <returns>False when it was surely not sent.</returns>
    bool TrySend(PeerLink link);

    /// <summary>Hears why it is still on its way; often the same again.</summary>
    void Waits(string reason);

    /// <summary>Ends it: the grain did not see it. A one-way one is logged.</summary>
    void TurnAway(SiloUnavailableException reason);
}

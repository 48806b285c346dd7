using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>What a <see cref="ForwardedRequest"/> needs of who passes it on.</summary>
internal interface IForwardDesk
{
    /// <summary>This silo, for messages.</summary>
    string Name { get; }

    /// <summary>The newest view that this process knows.</summary>
    long ViewVersion { get; }

    /// <summary>Says that a call was lost that nobody waits for.</summary>
    void Dropped(GrainId target, string reason);

    /// <summary>Serves the request here after all.</summary>
    void Accept(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame, GrainId target);
}

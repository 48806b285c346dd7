using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>What waits for an answer on a link, other than a call of this process.</summary>
internal interface IAwaited
{
    /// <summary>The answer has arrived. Called once, inside of the link's receiver.</summary>
    /// <param name="header">Of the answer.</param>
    /// <param name="frame">The whole answer; valid during the call.</param>
    void Answered(FrameHeader header, ReadOnlyMemory<byte> frame);

    /// <summary>The answer takes long; this is what it waits for. Inside of the link's receiver.</summary>
    void Delayed(string status)
    {
        // Most don't care: they have their answer or a timeout soon.
    }

    /// <summary>The link broke after the question was handed to it. Called once.</summary>
    void Broken(SiloUnavailableException reason);
}

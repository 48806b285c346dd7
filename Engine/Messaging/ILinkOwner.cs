namespace Aedile.Engine.Messaging;

/// <summary>What a silo or client does with what arrives on its links.</summary>
internal interface ILinkOwner
{
    CallWire Wire { get; }

    /// <summary>The newest view that this process knows; 0: none.</summary>
    long ViewVersion { get; }

    /// <summary>Serves a request. Called inside of the link's receiver: it must neither wait nor run a grain.</summary>
    /// <param name="link">Where it came from.</param>
    /// <param name="header">Of the request.</param>
    /// <param name="frame">The whole request; valid during the call.</param>
    void Serve(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame);

    /// <summary>Serves a call of an observer, or passes it on, under the rules of <see cref="Serve"/>.</summary>
    /// <param name="link">Where it came from.</param>
    /// <param name="header">Of the call.</param>
    /// <param name="frame">The whole call; valid during the call.</param>
    void Notify(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame);

    /// <summary>Replies to a question, under the rules of <see cref="Serve"/>.</summary>
    /// <param name="link">Where it came from.</param>
    /// <param name="header">Of the question.</param>
    /// <param name="frame">The whole question; valid during the call.</param>
    void Reply(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame);

    /// <summary>Tries a call elsewhere that surely did not run. Returns at once.</summary>
    void Retry(Invocation.Call call, string reason);

    /// <summary>Begins nothing new on a link: it retires or has ended.</summary>
    void Left(PeerLink link, Exception? reason);
}

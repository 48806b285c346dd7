using System.Net;

namespace Aedile.Engine.Messaging;

/// <summary>How processes reach each other: sockets, or a simulated network.</summary>
internal interface INetwork
{
    /// <summary>Connects. Cost: a round trip, more with TLS.</summary>
    /// <exception cref="ConnectionRefusedException">Nobody listens there: the process is gone or not up
    /// yet.</exception>
    /// <exception cref="IOException">The connection failed in another way.</exception>
    Task<ILink> Connect(IPEndPoint address, CancellationToken cancellation);

    /// <summary>Takes connections until the result is disposed.</summary>
    /// <param name="address">Where; port 0 lets the machine choose.</param>
    /// <param name="accepted">Gets each connection; it must start it or close it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The address is taken or not this machine's.</exception>
    Task<IListener> Listen(IPEndPoint address, Action<ILink> accepted, CancellationToken cancellation);
}

/// <summary>An address that takes connections.</summary>
internal interface IListener : IAsyncDisposable
{
    /// <summary>The address in fact.</summary>
    IPEndPoint Address { get; }
}

/// <summary>
/// A duplex connection that carries whole frames in order: each one is delivered, or the link breaks. Thread-safe.
/// </summary>
internal interface ILink
{
    /// <summary>The other end.</summary>
    IPEndPoint Remote { get; }

    /// <summary>Begins to receive. Once.</summary>
    void Start(ILinkReceiver receiver);

    /// <summary>Queues a copy of a frame. It never waits and never throws: after the end nothing is sent.</summary>
    void Send(ReadOnlySpan<byte> frame);

    /// <summary>Completes when little enough is queued that a sender should go on. Back-pressure.</summary>
    ValueTask WhenWritable();

    /// <summary>Ends the link; the receiver hears it once.</summary>
    void Close(Exception? reason);
}

/// <summary>Gets what arrives on one link, one call at a time.</summary>
internal interface ILinkReceiver
{
    /// <summary>A frame arrived. Its bytes are only valid during the call.</summary>
    void Received(ReadOnlyMemory<byte> frame);

    /// <summary>The link has ended; nothing arrives any more. Called once.</summary>
    void Closed(Exception? reason);
}

using System.IO.Pipelines;
using System.Net;
using Aedile.Engine.Turns;
using Microsoft.AspNetCore.Connections;

namespace Aedile.Engine.Messaging;

/// <summary>A link over a connection of Kestrel's transport.</summary>
internal sealed class SocketLink : ILink
{
    private readonly ConnectionContext _connection;
    private readonly IDuplexPipe _pipe;
    private readonly LinkLimits _limits;
    private readonly LinkSender _sender;
    private readonly ITimer _closing;
    private Exception? _reason;
    private int _isClosed;

    /// <param name="connection">The connection, which the link closes.</param>
    /// <param name="pipe">What frames go through: the connection's own pipe, or one that encrypts.</param>
    /// <param name="limits">Of frames and queues.</param>
    /// <param name="clock">For the time that closing may take.</param>
    public SocketLink(ConnectionContext connection, IDuplexPipe pipe, LinkLimits limits, TimeProvider clock)
    {
        _connection = connection;
        _pipe = pipe;
        _limits = limits;
        _sender = new LinkSender(pipe.Output, limits, Close);
        _closing = clock.CreateTimer(
            static self => ((SocketLink)self!).Abort(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Remote = (IPEndPoint)connection.RemoteEndPoint!;
    }

    public IPEndPoint Remote { get; }

    public void Start(ILinkReceiver receiver)
    {
        // Off the caller's stack: it may be a grain's turn, and what arrives must not run inside of it.
        using var _ = FlowSuppression.Begin();
        Task.Factory.StartNew(
            () => Receive(receiver), CancellationToken.None, TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }

    public void Send(ReadOnlySpan<byte> frame)
    {
        if (!_sender.Send(frame)) Close(new IOException($"{Remote} doesn't read what it is sent."));
    }

    public ValueTask WhenWritable() => _sender.WhenWritable();

    public void Close(Exception? reason)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        _reason = reason;
        _closing.Change(_limits.Closing, Timeout.InfiniteTimeSpan);
        _sender.Complete();
        _pipe.Input.CancelPendingRead();
    }

    private async Task Receive(ILinkReceiver receiver)
    {
        using var frames = new FrameReader(_limits);
        Exception? failure = null;
        try
        {
            while (await Receive(receiver, frames))
            {
            }
        }
        catch (Exception error)
        {
            failure = error; // Whatever it is, the receiver hears it as the reason why the link ended.
        }

        Close(failure);
        receiver.Closed(_reason);
        await End();
    }

    /// <returns>False when the other end has sent its last byte, or the link was closed.</returns>
    private async ValueTask<bool> Receive(ILinkReceiver receiver, FrameReader frames)
    {
        var input = _pipe.Input;
        var result = await input.ReadAsync();
        var bytes = result.Buffer;
        while (_isClosed == 0 && frames.TryRead(ref bytes, out var frame)) receiver.Received(frame);
        input.AdvanceTo(bytes.Start, bytes.End);
        return _isClosed == 0 && !result.IsCompleted && !result.IsCanceled;
    }

    private async Task End()
    {
        try
        {
            await _sender.Done; // Bounded: a closed link that is stuck is cut off after a while.
            await _pipe.Input.CompleteAsync();
            await _connection.DisposeAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It was closed anyway; there is nobody left to tell.
        }
        finally
        {
            await _closing.DisposeAsync();
        }
    }

    private void Abort() => _connection.Abort(new ConnectionAbortedException($"{Remote} didn't take the last frames."));
}

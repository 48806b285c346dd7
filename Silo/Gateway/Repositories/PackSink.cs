using System.Buffers;
using System.IO.Pipelines;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Grains.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>One replica's end of a push: a bounded ring that its node drains, and the node's answer.</summary>
internal sealed class PackSink : IDisposable
{
    // Any such progress of the node lets the client go on, so that only a stalled node looks stalled.
    private const int ResumeStep = 64 * 1024;

    private readonly CancellationTokenSource _dropped;
    private readonly Pipe _ring;
    private bool _closed;

    private PackSink(PushParticipant participant, Pipe ring, CancellationTokenSource dropped) =>
        (Participant, _ring, _dropped) = (participant, ring, dropped);

    /// <summary>The node, and whether it counts.</summary>
    public PushParticipant Participant { get; }

    /// <summary>The node's name.</summary>
    public NodeName Node => Participant.Node;

    /// <summary>The node's answer: never fails, null when it gave none.</summary>
    public Task<StageReply?> Reply { get; private set; } = Task.FromResult<StageReply?>(null);

    /// <summary>Why it takes no part any more; null while it does.</summary>
    public string? LeftOut { get; private set; }

    /// <summary>Whether it was the pack that the node refused, not the node that failed.</summary>
    public bool PackRefused { get; private set; }

    /// <summary>Opens the stream to a node.</summary>
    /// <param name="push">What is pushed.</param>
    /// <param name="participant">The node.</param>
    /// <param name="staging">How it is reached.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="scheduler">Where the node's side of the ring goes on.</param>
    /// <param name="cancellation">Ends the push.</param>
    public static PackSink Open(
        PushTarget push, PushParticipant participant, IPackStaging staging, PushOptions options,
        PipeScheduler scheduler, CancellationToken cancellation)
    {
        var ring = new Pipe(new PipeOptions(
            pool: null, scheduler, scheduler, pauseWriterThreshold: options.RingBytes,
            resumeWriterThreshold: options.RingBytes - Math.Min(ResumeStep, options.RingBytes / 2),
            useSynchronizationContext: false));
        var sink = new PackSink(participant, ring, CancellationTokenSource.CreateLinkedTokenSource(cancellation));
        sink.Reply = sink.Run(push, staging);
        return sink;
    }

    /// <summary>Copies bytes into the ring; follow with <see cref="Flush"/>.</summary>
    public void Write(ReadOnlySequence<byte> bytes)
    {
        foreach (var part in bytes) _ring.Writer.Write(part.Span);
    }

    /// <summary>Completes when the ring has room again, or the node has left.</summary>
    public async ValueTask Flush(CancellationToken cancellation) => await _ring.Writer.FlushAsync(cancellation);

    /// <summary>There are no more bytes.</summary>
    public ValueTask Close()
    {
        _closed = true;
        return _ring.Writer.CompleteAsync();
    }

    /// <summary>Goes on without the node. Idempotent.</summary>
    public async ValueTask Drop(string reason)
    {
        if (LeftOut is not null) return;
        LeftOut = reason;
        // Ends the request, so the node drops what it has.
        _dropped.Cancel();
        if (_closed) return;
        _closed = true;
        await _ring.Writer.CompleteAsync(new OperationCanceledException(reason));
    }

    /// <inheritdoc/>
    public void Dispose() => _dropped.Dispose();

    private async Task<StageReply?> Run(PushTarget push, IPackStaging staging)
    {
        var newest = Participant.Newest is { } n ? new DecisionNotice(n.Version, n.Base, n.Checksum) : null;
        try
        {
            return await staging.Stage(
                Node, push.Repository, push.Transaction, newest, _ring.Reader, _dropped.Token);
        }
        catch (StorageNodeRefusedException refused)
        {
            PackRefused = true;
            LeftOut ??= refused.Reason;
        }
        catch (Exception error) when (error is StorageNodeException or OperationCanceledException or IOException)
        {
            LeftOut ??= error.Message;
        }
        return null;
    }
}

/// <summary>Which write of which repository.</summary>
internal readonly record struct PushTarget(RepositoryId Repository, TransactionId Transaction);

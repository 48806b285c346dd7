using System.Buffers;
using System.IO.Pipelines;

namespace Aedile.Engine.Messaging;

/// <summary>Queues frames and writes them out. Thread-safe.</summary>
/// <remarks>
/// One flusher at a time hands all queued frames to the transport at once; while it is busy others only queue, so a
/// busy link sends many frames with one system call. A link that is not busy sends on the sender's thread, because
/// waking another thread costs more than sending.
/// </remarks>
internal sealed class LinkSender(PipeWriter output, LinkLimits limits, Action<Exception?> ended) : IThreadPoolWorkItem
{
    // The transport counts what it holds only when it is flushed, so a large frame is handed over in parts.
    private const int ChunkBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameQueue _queued = new();
    private FrameQueue _sending = new();
    private int _sent;
    private ValueTask<FlushResult>? _slow;
    private TaskCompletionSource? _writable;
    private bool _isFlushing;
    private bool _isBusy;
    private bool _isCompleted;

    /// <summary>Completes after <see cref="Complete"/>, when nothing is sent any more.</summary>
    public Task Done => _done.Task;

    /// <returns>False when the other end reads so slowly that the link should end.</returns>
    public bool Send(ReadOnlySpan<byte> frame)
    {
        bool isBusy;
        lock (_lock)
        {
            if (_isCompleted) return true;
            if (_queued.Length + (long)frame.Length > limits.QueuedBytesMax) return false;
            _queued.Add(frame);
            if (_isFlushing) return true;
            _isFlushing = true;
            isBusy = _isBusy;
        }

        // The shared queue is first in, first out: whatever is ready to run now adds its frames before they are sent.
        if (isBusy) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else Flush();
        return true;
    }

    public ValueTask WhenWritable()
    {
        lock (_lock)
        {
            if (_isCompleted || _queued.Length <= limits.QueuedBytes) return ValueTask.CompletedTask;
            _writable ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_writable.Task);
        }
    }

    /// <summary>Takes no more frames, sends what is queued, and then ends the output. Idempotent.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (_isCompleted) return;
            _isCompleted = true;
            if (_isFlushing) return;
            _isFlushing = true;
        }

        Flush();
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_slow is { } slow) _ = Await(slow);
        else Flush();
    }

    private void Flush()
    {
        try
        {
            while (TakeChunk(out var chunk))
            {
                output.Write(chunk.Span);
                var flush = output.FlushAsync();
                if (!flush.IsCompleted)
                {
                    // The sender may be a grain's turn: an await here would go on inside of that grain.
                    _slow = flush;
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }

                if (flush.Result.IsCompleted) Stop(null);
            }
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            Stop(error);
            Flush();
        }
    }

    private async Task Await(ValueTask<FlushResult> flush)
    {
        try
        {
            if ((await flush).IsCompleted) Stop(null);
        }
        catch (Exception error)
        {
            Stop(error); // The transport has ended beneath the link.
        }

        _slow = null;
        Flush();
    }

    private bool TakeChunk(out ReadOnlyMemory<byte> chunk)
    {
        var rest = _sending.Bytes[_sent..];
        if (rest.IsEmpty && !TakeQueued())
        {
            chunk = default;
            return false;
        }

        rest = _sending.Bytes[_sent..];
        chunk = rest[..Math.Min(ChunkBytes, rest.Length)];
        _sent += chunk.Length;
        return true;
    }

    private bool TakeQueued()
    {
        TaskCompletionSource? writable;
        bool isAny;
        var mustEnd = false;
        lock (_lock)
        {
            _sent = 0;
            _sending.Clear();
            (_queued, _sending) = (_sending, _queued);
            isAny = _sending.Length > 0;
            if (isAny) _isBusy = _sending.Frames > 1;
            else (_isFlushing, mustEnd) = (_isCompleted, _isCompleted);
            writable = _writable;
            _writable = null;
        }

        // With nothing to send, another flusher may be at work from here on: what it sends is not to be looked at.
        writable?.TrySetResult();
        if (mustEnd) End();
        return isAny;
    }

    private void Stop(Exception? error)
    {
        lock (_lock)
        {
            _isCompleted = true;
            _queued.Clear();
            _sending.Clear();
            _sent = 0;
        }

        ended(error);
    }

    // Still marked as flushing, so that it happens once.
    private void End()
    {
        _queued.Release();
        _sending.Release();
        output.Complete();
        _done.TrySetResult();
    }
}

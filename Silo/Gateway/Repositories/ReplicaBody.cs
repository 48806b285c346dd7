using Aedile.Silo.Gateway.Fleet;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// The rest of a replica's answer. A node that hangs keeps its connections open, so its presence says whether a pause
/// is git at work or the end: once it has gone and nothing more came for the limit, reading fails.
/// </summary>
internal sealed class ReplicaBody : IDisposable
{
    private readonly Stream _body;
    private readonly NodePresence _node;
    private readonly CancellationTokenSource _stalled = new();
    private readonly CancellationTokenSource _either;
    private readonly ITimer _timer;
    private int _reads;
    private int _seen = -1;

    /// <param name="body">The bytes.</param>
    /// <param name="node">The node, as it was here when the answer began.</param>
    /// <param name="limit">How long a pause may be after the node's going; it may last twice as long.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="client">The client left.</param>
    public ReplicaBody(
        Stream body, NodePresence node, TimeSpan limit, TimeProvider clock, CancellationToken client)
    {
        (_body, _node) = (body, node);
        _either = CancellationTokenSource.CreateLinkedTokenSource(client, _stalled.Token);
        _timer = clock.CreateTimer(static self => ((ReplicaBody)self!).Look(), this, limit, limit);
    }

    /// <summary>Reads some bytes; 0 at the end.</summary>
    /// <exception cref="IOException">The node broke off or hangs.</exception>
    public async ValueTask<int> Read(Memory<byte> to)
    {
        // Odd while a read waits: a client that takes nothing is no fault of the node.
        Interlocked.Increment(ref _reads);
        try
        {
            return await _body.ReadAsync(to, _either.Token);
        }
        catch (OperationCanceledException error) when (_stalled.IsCancellationRequested)
        {
            throw new IOException("The node's session ended, and nothing more came.", error);
        }
        finally
        {
            Interlocked.Increment(ref _reads);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _either.Dispose();
        _stalled.Dispose();
    }

    private void Look()
    {
        var reads = Volatile.Read(ref _reads);
        var isSameWait = reads == _seen && reads % 2 != 0;
        // A pause counts from the first look that finds the node gone.
        _seen = _node.Stands ? -1 : reads;
        if (!isSameWait) return;
        try
        {
            _stalled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer ended at this moment.
        }
    }
}

namespace Aedile.Agent.Repositories;

/// <summary>
/// A lock that is awaited: many may share it or one has it alone, in the order they came, so that neither readers nor
/// writers starve. It knows no threads, so it behaves the same in simulation.
/// </summary>
internal sealed class FairGate
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _queue = new();
    private int _sharers;
    private bool _isAlone;

    /// <summary>Waits for the gate to be empty. Dispose the answer to leave; cancelling leaves the queue.</summary>
    public Task<IDisposable> EnterAlone(CancellationToken cancellation = default) => Enter(true, cancellation);

    /// <summary>Waits until nobody is alone inside or waits for it earlier.</summary>
    public Task<IDisposable> EnterShared(CancellationToken cancellation = default) => Enter(false, cancellation);

    private async Task<IDisposable> Enter(bool alone, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiter = new Waiter(alone);
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            if (_queue.Count == 0 && Admits(alone)) return Admit(alone);
            node = _queue.AddLast(waiter);
        }
        await using var registration = cancellation.Register(() => Leave(node, cancellation));
        return await waiter.Entered.Task;
    }

    private bool Admits(bool alone) => !_isAlone && (!alone || _sharers == 0);

    private Ticket Admit(bool alone)
    {
        if (alone) _isAlone = true;
        else _sharers++;
        return new Ticket(this, alone);
    }

    private void AdmitWaiting()
    {
        while (_queue.First is { } first && Admits(first.Value.Alone))
        {
            _queue.RemoveFirst();
            first.Value.Entered.TrySetResult(Admit(first.Value.Alone));
        }
    }

    private void Leave(LinkedListNode<Waiter> node, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (node.List is null) return; // Admitted already: whoever waits has the ticket.
            _queue.Remove(node);
            AdmitWaiting();
        }
        node.Value.Entered.TrySetCanceled(cancellation);
    }

    private void Exit(bool alone)
    {
        lock (_gate)
        {
            if (alone) _isAlone = false;
            else _sharers--;
            AdmitWaiting();
        }
    }

    private sealed class Waiter(bool alone)
    {
        public bool Alone => alone;

        public TaskCompletionSource<IDisposable> Entered { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Ticket(FairGate gate, bool alone) : IDisposable
    {
        private FairGate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Exit(alone);
    }
}

namespace Aedile.Grains.Repositories;

/// <summary>
/// Lets callers in one after another, first come first served. For use on one grain's scheduler only: it takes no lock.
/// A caller that stops waiting leaves the queue.
/// </summary>
internal sealed class TurnQueue
{
    private readonly LinkedList<TaskCompletionSource<bool>> _waiting = [];
    private bool _taken;

    /// <summary>Whether someone is in or waits.</summary>
    public bool IsBusy => _taken;

    /// <summary>Waits for the turn. Dispose the result to let the next one in.</summary>
    /// <exception cref="OperationCanceledException">The caller stopped waiting; it has no turn.</exception>
    public async Task<IDisposable> Enter(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_taken)
        {
            _taken = true;
            return new Turn(this);
        }

        var place = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var node = _waiting.AddLast(place);
        // Cancellation may come from any thread; only the completion source is touched there.
        using var registration = cancellation.Register(() => place.TrySetResult(false));
        if (await place.Task) return new Turn(this);

        if (node.List is not null) _waiting.Remove(node);
        throw new OperationCanceledException(cancellation);
    }

    private void Leave()
    {
        while (_waiting.First is { } next)
        {
            _waiting.RemoveFirst();
            if (next.Value.TrySetResult(true)) return;
        }
        _taken = false;
    }

    private sealed class Turn(TurnQueue queue) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (_left) return;
            _left = true;
            queue.Leave();
        }
    }
}

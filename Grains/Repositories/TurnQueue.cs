namespace Aedile.Grains.Repositories;

/// <summary>
/// Lets callers in one after another: the first of those whose turn is of use. For use on one grain's scheduler only:
/// it takes no lock. A caller that stops waiting leaves the queue.
/// </summary>
internal sealed class TurnQueue
{
    private readonly LinkedList<Place> _waiting = [];
    private bool _taken;

    /// <summary>Whether someone is in or waits.</summary>
    public bool IsBusy => _taken || _waiting.Count > 0;

    /// <summary>Waits for the turn. Dispose the result to let the next one in.</summary>
    /// <exception cref="OperationCanceledException">The caller stopped waiting; it has no turn.</exception>
    public Task<IDisposable> Enter(CancellationToken cancellation = default) => Enter(() => true, cancellation);

    /// <summary>
    /// As above, for one who can't use every turn: until it can, those behind it go first, and it keeps its place.
    /// </summary>
    /// <param name="isOfUse">Asked whenever a turn is free and nobody before it can use it; must be quick, and not
    /// throw.</param>
    /// <param name="cancellation">The caller stops waiting.</param>
    /// <exception cref="OperationCanceledException">The caller stopped waiting; it has no turn.</exception>
    public async Task<IDisposable> Enter(Func<bool> isOfUse, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var place = new Place(isOfUse);
        var node = _waiting.AddLast(place);
        LookAgain();
        // Cancellation may come from any thread; only the completion source is touched there.
        using var registration = cancellation.Register(() => place.TrySetResult(false));
        if (await place.Task) return new Turn(this);

        if (node.List is not null) _waiting.Remove(node);
        throw new OperationCanceledException(cancellation);
    }

    /// <summary>A turn may have become of use to someone who waits.</summary>
    public void LookAgain()
    {
        for (var node = _waiting.First; node is not null && !_taken;)
        {
            var (place, next) = (node.Value, node.Next);
            if (place.IsOfUse())
            {
                _waiting.Remove(node);
                _taken = place.TrySetResult(true);
            }

            node = next;
        }
    }

    private sealed class Place(Func<bool> isOfUse)
        : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public bool IsOfUse() => isOfUse();
    }

    private sealed class Turn(TurnQueue queue) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (_left) return;
            _left = true;
            queue._taken = false;
            queue.LookAgain();
        }
    }
}

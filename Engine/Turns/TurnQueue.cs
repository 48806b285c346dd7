using System.Diagnostics.CodeAnalysis;

namespace Aedile.Engine.Turns;

/// <summary>The inbox of one activation: requests, continuations and control work, first in, first out.</summary>
internal sealed class TurnQueue
{
    // Most activations are idle most of the time: the ring is made with the first item and dropped when it had grown.
    private const int InitialSize = 4;
    private const int KeptSize = 64;

    private object?[]? _ring;
    private int _head;
    private int _count;
    private bool _isBusy;
    private bool _isClosed;

    /// <summary>Adds an item that must run even when the activation has ended.</summary>
    /// <returns>Whether the queue was idle: the caller must now have it run.</returns>
    public bool Add(object item)
    {
        lock (this) return AddLocked(item);
    }

    /// <summary>Adds a request, unless the activation takes no more: then it must go to the next activation.</summary>
    public bool TryAdd(object request, out bool mustRun)
    {
        lock (this)
        {
            mustRun = false;
            if (_isClosed) return false;
            mustRun = AddLocked(request);
            return true;
        }
    }

    public bool TryTake([NotNullWhen(true)] out object? item)
    {
        lock (this)
        {
            if (_count == 0)
            {
                item = null;
                return false;
            }

            item = _ring![_head]!;
            _ring[_head] = null;
            _head = (_head + 1) & (_ring.Length - 1);
            _count--;
            return true;
        }
    }

    /// <summary>Ends a run. Returns whether there is more, so that the caller must have it run again.</summary>
    public bool EndRun()
    {
        lock (this)
        {
            if (_count > 0) return true;
            if (_ring?.Length > KeptSize) _ring = null;
            _head = 0;
            _isBusy = false;
            return false;
        }
    }

    /// <summary>Refuses requests from now on; what was added before still comes out.</summary>
    public void Close()
    {
        lock (this) _isClosed = true;
    }

    private bool AddLocked(object item)
    {
        _ring ??= new object?[InitialSize];
        if (_count == _ring.Length) Grow();
        _ring[(_head + _count) & (_ring.Length - 1)] = item;
        _count++;
        if (_isBusy) return false;
        _isBusy = true;
        return true;
    }

    private void Grow()
    {
        var ring = new object?[_ring!.Length * 2];
        for (var i = 0; i < _count; i++) ring[i] = _ring[(_head + i) & (_ring.Length - 1)];
        _ring = ring;
        _head = 0;
    }
}

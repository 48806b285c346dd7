namespace Aedile.Engine.Messaging;

/// <summary>What waits for answers on one link, by number. Thread-safe; it allocates only when it grows.</summary>
/// <remarks>
/// A number is a place in an array and how often the place was used, so that a late answer finds nothing.
/// </remarks>
internal sealed class PendingTable
{
    private const int PlaceBits = 24;
    private const int PlaceMask = (1 << PlaceBits) - 1;

    private readonly Lock _lock = new();
    private Slot[] _slots = new Slot[16];
    private int _free = -1;
    private int _used;

    public int Count { get; private set; }

    /// <returns>Its number, which is never 0.</returns>
    public ulong Add(object waiting)
    {
        lock (_lock)
        {
            var place = _free;
            if (place >= 0) _free = _slots[place].NextFree;
            else place = _used++;
            if (place == _slots.Length) Array.Resize(ref _slots, _slots.Length * 2);
            ref var slot = ref _slots[place];
            slot.Waiting = waiting;
            slot.Uses++;
            Count++;
            return ((ulong)slot.Uses << PlaceBits) | (uint)place;
        }
    }

    /// <returns>Null when nothing waits under this number any more.</returns>
    public object? Take(ulong number)
    {
        lock (_lock)
        {
            var place = (int)(number & PlaceMask);
            if (place >= _used) return null;
            ref var slot = ref _slots[place];
            if (slot.Uses != number >> PlaceBits || slot.Waiting is not { } waiting) return null;
            slot.Waiting = null;
            slot.NextFree = _free;
            _free = place;
            Count--;
            return waiting;
        }
    }

    /// <summary>Returns what waits under a number, and leaves it there.</summary>
    public object? Find(ulong number)
    {
        lock (_lock)
        {
            var place = (int)(number & PlaceMask);
            return place < _used && _slots[place].Uses == number >> PlaceBits ? _slots[place].Waiting : null;
        }
    }

    /// <summary>Takes out all, in an order that follows from the order of the calls alone.</summary>
    public IReadOnlyList<object> TakeAll()
    {
        lock (_lock)
        {
            List<object> all = [.. _slots.Take(_used).Select(slot => slot.Waiting).OfType<object>()];
            for (var place = 0; place < _used; place++)
            {
                if (_slots[place].Waiting is null) continue;
                _slots[place].Waiting = null;
                _slots[place].NextFree = _free;
                _free = place;
            }

            Count = 0;
            return all;
        }
    }

    private struct Slot
    {
        public object? Waiting;
        public ulong Uses;
        public int NextFree;
    }
}

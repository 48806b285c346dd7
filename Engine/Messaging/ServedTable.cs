namespace Aedile.Engine.Messaging;

/// <summary>
/// The requests of one link whose answer has not left, by the numbers that the other end gave them. Thread-safe.
/// </summary>
internal sealed class ServedTable
{
    // Null: its answer is being written. Until that has left, the link must not end.
    private readonly Dictionary<ulong, object?> _served = [];

    public bool IsEmpty
    {
        get
        {
            lock (_served) return _served.Count == 0;
        }
    }

    /// <summary>Adds one. A number that is in use is replaced: the other end doesn't keep to the protocol.</summary>
    public void Add(ulong number, object served)
    {
        if (number == 0) return;
        lock (_served) _served[number] = served;
    }

    /// <summary>Whether nobody has begun to answer it.</summary>
    public bool Contains(ulong number)
    {
        lock (_served) return _served.GetValueOrDefault(number) is not null;
    }

    /// <summary>Takes one that is to be answered; <see cref="Remove"/> follows when the answer has left.</summary>
    /// <returns>Null when there is none, or somebody answers it already.</returns>
    public object? Take(ulong number)
    {
        lock (_served)
        {
            if (!_served.TryGetValue(number, out var served) || served is null) return null;
            _served[number] = null;
            return served;
        }
    }

    /// <summary>Forgets one: its answer has left, or nobody waits for it.</summary>
    /// <returns>Null when there is none, or somebody answers it already.</returns>
    public object? Remove(ulong number)
    {
        lock (_served) return _served.Remove(number, out var served) ? served : null;
    }
}

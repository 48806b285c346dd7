namespace Aedile.Engine.Messaging;

/// <summary>The requests of one link that have no answer yet, by the numbers that the other end gave them.</summary>
internal sealed class ServedTable
{
    private readonly Dictionary<ulong, object> _served = [];

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

    public bool Contains(ulong number)
    {
        lock (_served) return _served.ContainsKey(number);
    }

    public object? Take(ulong number)
    {
        lock (_served) return _served.Remove(number, out var served) ? served : null;
    }
}

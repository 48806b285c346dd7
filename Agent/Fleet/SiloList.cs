namespace Aedile.Agent.Fleet;

/// <summary>The silos an agent may call, and which of them it last reached.</summary>
internal sealed class SiloList(IReadOnlyList<Uri> silos)
{
    private volatile int _current;

    /// <summary>The silo that was reached last.</summary>
    public Uri Current => silos[_current];

    /// <summary>All, beginning with the one that was reached last.</summary>
    public IEnumerable<Uri> InOrder() =>
        Enumerable.Range(0, silos.Count).Select(i => silos[(_current + i) % silos.Count]);

    /// <summary>Goes to the next one.</summary>
    public void Advance() => _current = (_current + 1) % silos.Count;
}

namespace Aedile.Engine.Turns;

/// <summary>Decides which request may start beside those that run. Pure: it only counts.</summary>
/// <remarks>A request blocks unless its method always interleaves.</remarks>
internal struct TurnGate(bool isReentrant)
{
    private int _running;
    private int _blocking;
    private int _blockingWriters;
    private List<Guid>? _sections;

    public readonly bool IsIdle => _running == 0;

    public readonly int Running => _running;

    /// <summary>Whether a request that waits can overtake one that came earlier.</summary>
    public static bool MayOvertake(Request request) =>
        request.AlwaysInterleaves || request.IsReadOnly || request.ReentrancyId != Guid.Empty;

    public readonly bool MayStart(Request request) =>
        _blocking == 0
        || request.AlwaysInterleaves
        || (_blockingWriters == 0 && request.IsReadOnly)
        || isReentrant
        || IsExpected(request);

    /// <summary>
    /// Whether it belongs to a call chain that comes back, with leave, to a request that waits for it.
    /// </summary>
    public readonly bool IsExpected(Request request) =>
        _sections is { Count: > 0 } && request.ReentrancyId is var id && id != Guid.Empty && _sections.Contains(id);

    public void Enter(Request request)
    {
        _running++;
        if (request.AlwaysInterleaves) return;
        _blocking++;
        if (!request.IsReadOnly) _blockingWriters++;
    }

    public void Leave(Request request)
    {
        _running--;
        if (request.AlwaysInterleaves) return;
        _blocking--;
        if (!request.IsReadOnly) _blockingWriters--;
    }

    /// <summary>Opens a section: requests that carry its id may start until it is closed as often as opened.</summary>
    public void Open(Guid section) => (_sections ??= []).Add(section);

    public readonly void Close(Guid section) => _sections?.Remove(section);
}

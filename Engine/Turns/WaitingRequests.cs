namespace Aedile.Engine.Turns;

/// <summary>
/// Requests that may not start yet, in order of arrival. Linked through the requests: it allocates nothing.
/// </summary>
internal struct WaitingRequests
{
    private Request? _first;
    private Request? _last;
    private int _mayOvertake;

    /// <summary>How many of them are one-way.</summary>
    public int OneWays { get; private set; }

    public readonly bool IsEmpty => _first is null;

    public void Add(Request request)
    {
        if (TurnGate.MayOvertake(request)) _mayOvertake++;
        if (request.IsOneWay) OneWays++;
        if (_last is null) _first = request;
        else _last.NextWaiting = request;
        _last = request;
    }

    /// <summary>Takes out the first request that may start.</summary>
    public Request? TakeStartable(in TurnGate gate)
    {
        Request? previous = null;
        for (var request = _first; request is not null; previous = request, request = request.NextWaiting)
        {
            if (gate.MayStart(request)) return Remove(previous, request);

            // Behind a request that must wait only those that overtake can start: without any, stop looking, or a
            // long queue would be walked once for each request that finishes.
            if (_mayOvertake == 0) return null;
        }

        return null;
    }

    public Request? TakeFirst() => _first is null ? null : Remove(null, _first);

    private Request Remove(Request? previous, Request request)
    {
        if (TurnGate.MayOvertake(request)) _mayOvertake--;
        if (request.IsOneWay) OneWays--;
        if (previous is null) _first = request.NextWaiting;
        else previous.NextWaiting = request.NextWaiting;
        if (ReferenceEquals(_last, request)) _last = previous;
        request.NextWaiting = null;
        return request;
    }
}

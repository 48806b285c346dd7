namespace Aedile.Engine.Invocation;

/// <summary>Calls with one response timeout, oldest first. Adding and removing cost one uncontended lock.</summary>
internal sealed class DeadlineLane(long length)
{
    private Call? _first;
    private Call? _last;

    /// <summary>The response timeout, in the clock's timestamps.</summary>
    public long Length => length;

    public void Add(Call call)
    {
        lock (this)
        {
            call.Lane = this;
            call.PreviousDue = _last;
            if (_last is null) _first = call;
            else _last.NextDue = call;
            _last = call;
        }
    }

    /// <summary>Does nothing when the call is not here any more.</summary>
    public void Remove(Call call)
    {
        lock (this)
        {
            if (call.Lane is null) return;
            if (call.PreviousDue is null) _first = call.NextDue;
            else call.PreviousDue.NextDue = call.NextDue;
            if (call.NextDue is null) _last = call.PreviousDue;
            else call.NextDue.PreviousDue = call.PreviousDue;
            call.NextDue = call.PreviousDue = null;
            call.Lane = null;
        }
    }

    /// <summary>When the oldest call is due; <see cref="long.MaxValue"/> without one.</summary>
    public long NextDue()
    {
        lock (this) return _first is null ? long.MaxValue : _first.SentAt + length;
    }

    public void CopyTo(List<Call> calls)
    {
        lock (this)
        {
            for (var call = _first; call is not null; call = call.NextDue) calls.Add(call);
        }
    }
}

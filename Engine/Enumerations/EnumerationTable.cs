using Aedile.Engine.Activations;

namespace Aedile.Engine.Enumerations;

/// <summary>The enumerations of one activation. Used only inside of its turns.</summary>
internal sealed class EnumerationTable(Activation activation) : IDisposable
{
    /// <summary>The most items of a page, whatever the caller asks for.</summary>
    public const int BatchSizeMax = 10_000;

    // Ordered by when they began: a hash would order them differently in each run of one seed.
    private readonly OrderedDictionary<Guid, Enumeration> _open = [];
    private ITimer? _cleaner;

    /// <summary>How long an enumeration may be left alone between two pages before it is ended.</summary>
    private TimeSpan IdleLimit => activation.Silo.ResponseTimeout;

    /// <summary>Begins one.</summary>
    /// <exception cref="InvalidOperationException">There is one of that name.</exception>
    public Enumeration<T> Add<T>(Guid id, int batchSize, Func<CancellationToken, IAsyncEnumerable<T>> make)
    {
        if (_open.ContainsKey(id)) throw new InvalidOperationException($"Enumeration {id} has begun already.");
        if (batchSize < 1) throw new InvalidOperationException($"A page of {batchSize} items can't be.");
        var enumeration = new Enumeration<T>(activation, this, id, Math.Min(batchSize, BatchSizeMax), make);
        _open.Add(id, enumeration);
        if (_open.Count == 1) Arm(IdleLimit);
        return enumeration;
    }

    /// <returns>Null: it is over, or was here before this activation.</returns>
    public Enumeration<T>? Find<T>(Guid id) => _open.GetValueOrDefault(id) as Enumeration<T>;

    /// <summary>Ends one, if it is there; completes when the iterator has cleaned up.</summary>
    public Task End(Guid id) => _open.TryGetValue(id, out var enumeration) ? enumeration.End() : Task.CompletedTask;

    public void Remove(Guid id)
    {
        if (_open.Remove(id, out var over)) over.Dispose();
        if (_open.Count == 0) _cleaner?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The activation takes no more calls: those that wait for items are answered.</summary>
    public void Interrupt()
    {
        foreach (var enumeration in _open.Values.ToArray()) enumeration.Interrupt();
    }

    /// <summary>Ends all, before the activation ends.</summary>
    public async Task Close(CancellationToken limit)
    {
        try
        {
            var open = _open.Values.ToArray();
            await Task.WhenAll(open.Select(enumeration => enumeration.End())).WaitAsync(limit);
        }
        catch (OperationCanceledException)
        {
            // The iterator doesn't listen; the activation ends all the same.
        }

        Dispose();
    }

    public void Dispose() => _cleaner?.Dispose();

    private void Arm(TimeSpan wait)
    {
        _cleaner ??= activation.Silo.Clock.CreateTimer(
            static self => ((EnumerationTable)self!).Tick(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _cleaner.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Tick() => activation.Post(EndIdle);

    private void EndIdle()
    {
        if (_open.Count == 0) return;
        var clock = activation.Silo.Clock;
        var next = IdleLimit;
        foreach (var enumeration in _open.Values.ToArray())
        {
            if (enumeration.IsBusy) continue;
            var left = IdleLimit - clock.GetElapsedTime(enumeration.UsedAt);
            if (left > TimeSpan.Zero)
            {
                if (left < next) next = left;
                continue;
            }

            activation.Silo.Log.EnumerationDropped(activation.GrainId, IdleLimit);
            _ = enumeration.End();
        }

        // System timers count whole milliseconds; rounding down would find it not yet idle.
        if (_open.Count > 0) Arm(TimeSpan.FromMilliseconds(Math.Ceiling(next.TotalMilliseconds)));
    }
}

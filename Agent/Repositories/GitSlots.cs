namespace Aedile.Agent.Repositories;

/// <summary>How many git children of each kind may run at once; more wait, in no promised order.</summary>
internal sealed class GitSlots(StorageOptions options) : IDisposable
{
    /// <summary>Children that take milliseconds and wait for nobody.</summary>
    public Slots Short { get; } = new(options.GitChildrenMax);

    /// <summary>Children that read a pack as fast as its client sends it.</summary>
    public Slots LargePacks { get; } = new(options.LargePacksMax);

    /// <summary>Children that send objects to a reader.</summary>
    public Slots Fetches { get; } = new(options.FetchesMax);

    /// <summary>How many children run.</summary>
    public int Taken => Short.Taken + LargePacks.Taken + Fetches.Taken;

    public void Dispose()
    {
        Short.Dispose();
        LargePacks.Dispose();
        Fetches.Dispose();
    }
}

/// <summary>One kind's places.</summary>
internal sealed class Slots(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count, count);

    /// <summary>How many places are taken.</summary>
    public int Taken => count - _free.CurrentCount;

    /// <summary>Waits for a place; dispose the answer, more than once if you like, to give it back.</summary>
    public async Task<IDisposable> Enter(CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        return new Place(_free);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? _free = free;

        public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
    }
}

using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Lets a bounded number of pushes run and a bounded number wait. Thread-safe.</summary>
internal sealed class PushGate(IOptions<PushOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _running = new(options.Value.ConcurrencyMax);
    private int _waiting;

    /// <summary>Waits for a place.</summary>
    /// <returns>Dispose it to give the place back; null when too many wait already.</returns>
    public async ValueTask<IDisposable?> Enter(CancellationToken client)
    {
        if (!await _running.WaitAsync(TimeSpan.Zero, client))
        {
            if (Interlocked.Increment(ref _waiting) > options.Value.QueueMax)
            {
                Interlocked.Decrement(ref _waiting);
                return null;
            }
            try
            {
                await _running.WaitAsync(client);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
        return new Place(_running);
    }

    /// <inheritdoc/>
    public void Dispose() => _running.Dispose();

    private sealed class Place(SemaphoreSlim running) : IDisposable
    {
        private SemaphoreSlim? _running = running;

        public void Dispose() => Interlocked.Exchange(ref _running, null)?.Release();
    }
}

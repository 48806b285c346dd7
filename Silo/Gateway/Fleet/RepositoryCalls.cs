using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// Calls coordinators in the background, a bounded number at a time for all purposes together, each until it answered.
/// </summary>
internal sealed class RepositoryCalls(
    IGrainFactory grains, IOptions<FleetOptions> options, TimeProvider clock, ILogger<RepositoryCalls> log)
    : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _inFlight = new(options.Value.NotificationsInFlight);

    /// <summary>Calls one until it answers yes. A repository that waits for its next attempt holds nobody up.</summary>
    /// <exception cref="OperationCanceledException">The silo stops.</exception>
    public async Task Call(
        RepositoryId id, Func<IRepositoryGrain, CancellationToken, Task<bool>> call, CancellationToken stopping)
    {
        while (true)
        {
            await _inFlight.WaitAsync(stopping);
            try
            {
                if (await call(grains.GetGrain<IRepositoryGrain>(id.Value), stopping)) return;
            }
            catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                // Whatever failed, its activation, its silo or the database, is worth another attempt.
                log.RepositoryNotCalled(error, id);
            }
            finally
            {
                _inFlight.Release();
            }
            await Task.Delay(Pause, clock, stopping);
        }
    }

    /// <summary>Takes up what a coordinator left that ended without its row, or with its silo.</summary>
    public Task Wake(RepositoryId id, CancellationToken stopping) => Call(id, (r, ct) => r.Wake(ct), stopping);

    /// <inheritdoc/>
    public void Dispose() => _inFlight.Dispose();
}

using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Reads many repositories for a list. A coordinator that does not answer soon costs the list its entry's state, not
/// the list its answer.
/// </summary>
internal sealed class RepositoryViewReader(
    IGrainFactory grains, TimeProvider clock, ILogger<RepositoryViewReader> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>The repository as its coordinator says, or in state <c>unknown</c>.</summary>
    public async Task<RepositoryResource> Get(RepositoryRecord record, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var view = await grains.GetGrain<IRepositoryGrain>(record.Id.Value).GetView(either.Token)
                .WaitAsync(either.Token);
            return RepositoryResources.Describe(record, view);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            // It may be between two activations, its silo or the database away: whatever it is, the others are there.
            log.CoordinatorSilent(error, record.Id);
            return RepositoryResources.DescribeSilent(record);
        }
    }
}

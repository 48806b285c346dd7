using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using Aedile.Silo.Gateway.Fleet;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Takes up what stopped half-way, at start and again and again: creations and deletions, and the work of coordinators
/// that lost their row.
/// </summary>
internal sealed class RepositorySettlement(
    RepositoryDirectory directory, RepositoryProvisioning provisioning, LostRows lost, RepositoryCalls calls,
    TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var id in lost.Take()) _ = Wake(id, stoppingToken);
            foreach (var id in directory.ListUnsettled()) await provisioning.Settle(id, stoppingToken);
        }
    }

    private async Task Wake(RepositoryId id, CancellationToken stopping)
    {
        try
        {
            await calls.Wake(id, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The first of the other silos wakes all.
        }
    }
}

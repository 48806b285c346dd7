using System.Data.Common;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Storage.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Takes up what stopped half-way, at start and again and again: creations and deletions, and the work of coordinators
/// that lost their row.
/// </summary>
internal sealed class RepositorySettlement(
    RepositoryDirectory directory, RepositoryProvisioning provisioning, LostRows lost, RepositoryCalls calls,
    TimeProvider clock, ILogger<RepositorySettlement> log) : BackgroundService
{
    private const int PageSize = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan RequestAge = TimeSpan.FromDays(1);

    private DateTimeOffset _forgotAt;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var id in lost.Take()) _ = Wake(id, stoppingToken);
            try
            {
                await SettleAll(stoppingToken);
                await ForgetRequests();
            }
            catch (DbException error)
            {
                log.UnsettledNotListed(error);
            }
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

    private async Task ForgetRequests()
    {
        var now = clock.GetUtcNow();
        if (now - _forgotAt < ForgetInterval) return;
        await directory.ForgetRequests(now - RequestAge);
        _forgotAt = now;
    }

    private async Task SettleAll(CancellationToken stopping)
    {
        for (RepositoryId after = default; ; )
        {
            var page = await directory.ListUnsettled(after, PageSize);
            foreach (var id in page) await provisioning.Settle(id, stopping);
            if (page.Length < PageSize) return;
            after = page[^1];
        }
    }
}

using Aedile.Client.Repositories;
using Aedile.Silo.Storage.Repositories;
using Microsoft.Data.Sqlite;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Finishes creations and deletions that stopped half-way: at start, and again and again.</summary>
internal sealed class RepositorySettlement(
    RepositoryDirectory directory, RepositoryProvisioning provisioning, TimeProvider clock,
    ILogger<RepositorySettlement> log) : BackgroundService
{
    private const int PageSize = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SettleAll(stoppingToken);
            }
            catch (SqliteException error)
            {
                log.UnsettledNotListed(error);
            }
        }
    }

    private async Task SettleAll(CancellationToken stopping)
    {
        for (RepositoryId after = default; ; )
        {
            var page = directory.ListUnsettled(after, PageSize);
            foreach (var id in page) await provisioning.Settle(id, stopping);
            if (page.Length < PageSize) return;
            after = page[^1];
        }
    }
}

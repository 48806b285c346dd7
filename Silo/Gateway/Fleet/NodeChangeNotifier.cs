using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Storage.Repositories;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// Tells the repositories of a node that its session came or went. A repository that could not be told is told again
/// until it was, so that no replica stays unrepaired because its coordinator missed the news.
/// </summary>
internal sealed class NodeChangeNotifier(
    NodeSessions sessions, RepositoryDirectory directory, IGrainFactory grains, IOptions<FleetOptions> options,
    TimeProvider clock, ILogger<NodeChangeNotifier> log) : BackgroundService
{
    private const int PageSize = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _inFlight = new(options.Value.NotificationsInFlight);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _inFlight.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Runs of one node may overlap: each call only says "look again".
        await foreach (var node in sessions.Changes.ReadAllAsync(stoppingToken))
            _ = Tell(node, stoppingToken);
    }

    private async Task Tell(NodeName node, CancellationToken stopping)
    {
        try
        {
            var count = 0;
            for (RepositoryId after = default; ; )
            {
                var page = await ReadPage(node, after, stopping);
                await Task.WhenAll(page.Select(id => Tell(id, node, stopping)));
                count += page.Length;
                if (page.Length < PageSize) break;
                after = page[^1];
            }
            log.NodeChangeTold(count, node, sessions.IsHealthy(node));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next silo that holds the node's session tells them all again.
        }
    }

    private async Task<ImmutableArray<RepositoryId>> ReadPage(
        NodeName node, RepositoryId after, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await directory.ListOfNode(node, after, PageSize);
            }
            catch (DbException error)
            {
                log.RepositoriesNotListed(error, node);
                await Task.Delay(Pause, clock, stopping);
            }
        }
    }

    private async Task Tell(RepositoryId id, NodeName node, CancellationToken stopping)
    {
        while (true)
        {
            await _inFlight.WaitAsync(stopping);
            try
            {
                await grains.GetGrain<IRepositoryGrain>(id.Value).NodeChanged(node, stopping);
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
            {
                // Whatever failed, its activation or the database, is worth another attempt.
                log.NodeChangeNotTold(error, id, node);
            }
            finally
            {
                _inFlight.Release();
            }
            await Task.Delay(Pause, clock, stopping);
        }
    }
}

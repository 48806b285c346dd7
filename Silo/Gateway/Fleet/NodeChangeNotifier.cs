using System.Collections.Concurrent;
using System.Data.Common;
using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// Tells the repositories of a node that it came or went. The silo that holds the session does, or the first one when
/// the holder is gone; until all were told the table says so, and whoever is next goes on.
/// </summary>
internal sealed class NodeChangeNotifier(
    FleetNodes nodes, ISessionTable table, RepositoryDirectory directory, RepositoryCalls calls, SiloIdentity silo,
    TimeProvider clock, ILogger<NodeChangeNotifier> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<NodeName, long> _telling = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await nodes.News.WaitToReadAsync(stoppingToken))
        {
            nodes.News.TryRead(out _);
            foreach (var row in nodes.Rows.Where(IsMine))
            {
                if (row.Change <= _telling.GetValueOrDefault(row.Node)) continue;
                _telling[row.Node] = row.Change;
                // Runs of one node may overlap: each call only says "look again".
                _ = Tell(row, stoppingToken);
            }
        }
    }

    private bool IsMine(SessionRow row) =>
        row.Change > row.Told && (row.Run == silo.Run || (!nodes.Silos.Lives(row.Run) && nodes.IsFirst));

    private async Task Tell(SessionRow row, CancellationToken stopping)
    {
        try
        {
            var count = await RepositoryPages.ForEach(await directory.ListOfNode(row.Node), Call);
            log.NodeChangeTold(count, row.Node, nodes.IsHealthy(row.Node));
            await Note(row, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The first of the other silos tells them all again.
        }

        Task Call(Client.Repositories.RepositoryId id) => calls.Call(
            id, async (repository, ct) =>
            {
                await repository.NodeChanged(row.Node, ct);
                return true;
            }, stopping);
    }

    private async Task Note(SessionRow row, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await table.NoteTold(row.Node, row.Change, stopping);
                return;
            }
            catch (DbException error)
            {
                log.ToldNotNoted(error, row.Node);
            }
            await Task.Delay(Pause, clock, stopping);
        }
    }
}

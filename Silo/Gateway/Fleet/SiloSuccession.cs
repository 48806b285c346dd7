using System.Data.Common;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Silo.Storage.Fleet;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// Takes up what an ended silo left: its coordinators may have had repairs to do that nobody else knows of, so the
/// first of the living silos wakes all repositories, and forgets the ended one when nothing of it is left. If it ends
/// meanwhile, the next one begins again.
/// </summary>
internal sealed class SiloSuccession(
    FleetNodes nodes, ISessionTable table, RepositoryDirectory directory, RepositoryCalls calls,
    IOptions<FleetOptions> options, TimeProvider clock, ILogger<SiloSuccession> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HashSet<Guid> _taken = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!nodes.IsFirst) continue;
            var ended = nodes.Silos.Sights.Values.Where(s => s.GoneAt is not null).Select(s => s.Row)
                .OfType<SiloRow>().ToList();
            // One walk through all repositories serves all silos that ended before it began.
            if (ended.Any(s => !_taken.Contains(s.Run))) await WakeAll(ended, stoppingToken);
            foreach (var silo in ended.Where(s => IsOver(s.Run))) await Forget(silo, stoppingToken);
        }
    }

    private async Task WakeAll(List<SiloRow> ended, CancellationToken stopping)
    {
        var count = await RepositoryPages.ForEach(await directory.ListIds(), id => calls.Wake(id, stopping));
        foreach (var silo in ended)
        {
            _taken.Add(silo.Run);
            log.SiloSucceeded(silo.Name, silo.Run, count);
        }
    }

    private bool IsOver(Guid run) =>
        nodes.Silos.GoneFor(run, nodes.Now) >= options.Value.Grace
        && !nodes.Rows.Any(r => r.Run == run && (r.EndedAt is null || r.Told < r.Change));

    private async Task Forget(SiloRow silo, CancellationToken stopping)
    {
        try
        {
            await table.Forget(silo.Run, stopping);
            _taken.Remove(silo.Run);
        }
        catch (DbException error)
        {
            log.SiloNotForgotten(error, silo.Name); // The next round is the retry.
        }
    }
}

using System.Data.Common;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Storage.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// After the first start of this version: the repositories that the one before kept as rows become definitions of the
/// model. Each is written, then its row goes; a second silo that does the same does no harm.
/// </summary>
internal sealed class RowsIntoModel(
    RepositoryRows rows, RepositoryDirectory directory, ConfiguredStorages storages, TimeProvider clock,
    ILogger<RowsIntoModel> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryMove(stoppingToken)) await Task.Delay(Pause, clock, stoppingToken);
    }

    private async Task<bool> TryMove(CancellationToken stopping)
    {
        try
        {
            var left = await rows.List();
            if (left.IsEmpty) return true;
            if (!await storages.Ensure(stopping)) return false;
            foreach (var (id, spec) in left) await Move(new RepositoryRecord(
                id, spec.VirtualStorage, spec.Path, spec.DefaultBranch, clock.GetUtcNow(), spec.Nodes, spec.Stage));
            log.RowsMoved(left.Length);
            return true;
        }
        catch (Exception error) when (error is DbException or Silo.Model.NotWrittenException)
        {
            return false;
        }
    }

    private async Task Move(RepositoryRecord record)
    {
        // A deletion is an intent of its own: it is written as a second step, as if it were asked for now.
        var isDeleting = record.Stage is RepositoryStage.Deleting;
        if (await directory.Get(record.Id) is null)
        {
            var addition = await directory.Add(
                isDeleting ? record with { Stage = RepositoryStage.Active } : record, "silo", null);
            if (addition is not Addition.Done)
            {
                log.RowNotMoved(record.Id, record.VirtualStorage.Value, record.Path, addition);
                return;
            }
        }

        if (isDeleting) await directory.Release(record.Id, "silo");
        await rows.Forget(record.Id);
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// What nodes say of themselves: writes it for the sessions of this silo, many in one transaction, and shows what the
/// table has, so that no silo shows what another one could lose.
/// </summary>
internal sealed class NodeStatuses(IStatusTable table, TimeProvider clock, ILogger<NodeStatuses> log)
    : BackgroundService
{
    // The transaction holds up the claims of sessions: some ten milliseconds at most.
    private const int RowsMax = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<NodeName, StatusRow> _rows = new();
    private readonly ConcurrentDictionary<NodeName, SessionStatus> _unwritten = new();
    private long _version;
    private bool _isAway;

    /// <summary>What a node last said; null when it never did. Cost: none.</summary>
    public StatusRow? Find(NodeName node) => _rows.GetValueOrDefault(node);

    /// <summary>A session heard something new. A later session of the node takes the place of an earlier one.</summary>
    public void Note(NodeName node, SessionStatus status) => _unwritten[node] = status;

    /// <summary>Reads the table before the gateway opens: what another run has shown is not to be missing.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Round(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await Round(stoppingToken);
    }

    /// <summary>One round: writes what is unwritten, and reads what changed.</summary>
    internal async Task Round(CancellationToken cancellation)
    {
        var due = _unwritten.Where(one => one.Value.Row is not null).OrderBy(one => one.Key).Take(RowsMax).ToList();
        try
        {
            // Taken out before they are written: what is heard meanwhile is put in again.
            foreach (var one in due) _unwritten.TryRemove(one);
            if (due.Count > 0) await table.Write([.. due.Select(one => one.Value.Row!)], cancellation);
            due.Clear();
            await Read(cancellation);
            _isAway = false;
        }
        catch (DbException error)
        {
            if (!_isAway) log.StatusNotWritten(error);
            _isAway = true;
        }
        finally
        {
            foreach (var (node, status) in due) _unwritten.TryAdd(node, status);
        }
    }

    private async Task Read(CancellationToken cancellation)
    {
        var (version, rows) = await table.Read(_version, cancellation);
        // The database went back: what it has now is what counts.
        if (version < _version) (version, rows) = await table.Read(0, cancellation);
        foreach (var row in rows) _rows[row.Node] = row;
        _version = version;
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Tests.Support;
using Npgsql;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Asks silos for a node all the time, and the table for its row, and keeps each different answer. Disposing ends it.
/// </summary>
internal sealed class NodeWatch : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    private readonly SiloSet _set;
    private readonly string _node;
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentDictionary<string, bool> _seen = new();
    private readonly Task _watching;

    /// <summary>Begins; the node has a row by now.</summary>
    public NodeWatch(SiloSet set, string node, params ImmutableArray<int> silos)
    {
        (_set, _node) = (set, node);
        _watching = Task.WhenAll([.. silos.Select(WatchSilo), WatchRow()]);
    }

    /// <summary>Ends it.</summary>
    /// <returns>
    /// <c>silo-1: running</c> and its like, once each; and lines with <c>wrong</c> for what must never be.
    /// </returns>
    public async Task<IReadOnlyCollection<string>> End()
    {
        await _enough.CancelAsync();
        await _watching;
        return [.. _seen.Keys.Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        // What went wrong in it is the test's news only if the test asked for it.
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _enough.Dispose();
    }

    private void Note(string what) => _seen.TryAdd(what, true);

    // Whatever the silo answers, as often as it does. One that stands still or is dead says nothing.
    private async Task WatchSilo(int silo)
    {
        NodeReportResource? last = null;
        while (!_enough.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(AnswerLimit, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _enough.Token);
            try
            {
                var answer = await _set.Get<NodeDetailResource>(silo, $"/v1/nodes/{_node}", either.Token);
                var node = answer.Node;
                Note($"{SiloSet.Silo(silo)}: {(node.Healthy || node.State == "unknown" ? node.State : "wrong")}");
                if (last is not null && !GoesOn(last, answer.Report))
                    Note($"{SiloSet.Silo(silo)}: wrong: {answer.Report} after {last}");
                last = answer.Report;
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                Note($"{SiloSet.Silo(silo)}: silent");
            }

            await Pause();
        }
    }

    // What was shown once is never taken back, by whichever run of whichever silo.
    private static bool GoesOn(NodeReportResource last, NodeReportResource? next) =>
        next is not null && next.Epoch >= last.Epoch
        && (next.BootId != last.BootId || next.Sequence >= last.Sequence);

    // The rows that are there at each moment: epochs only grow, and the node never goes or comes.
    private async Task WatchRow()
    {
        await using var database = NpgsqlDataSource.Create(_set.ConnectionString);
        var last = 0L;
        while (!_enough.IsCancellationRequested)
        {
            await using var command = database.CreateCommand(
                "SELECT epoch, ended_at IS NULL, change FROM agent_session WHERE node = $1");
            command.Parameters.Add(new NpgsqlParameter { Value = _node });
            await using var row = await command.ExecuteReaderAsync(CancellationToken.None);
            Assert.True(await row.ReadAsync(CancellationToken.None));
            var (epoch, stands, change) = (row.GetInt64(0), row.GetBoolean(1), row.GetInt64(2));
            if (epoch < last || !stands || change != 1)
                Note($"row: wrong: epoch {epoch} after {last}, stands: {stands}, change {change}");
            last = epoch;
            await Pause();
        }
    }

    private static Task Pause() =>
        Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
}

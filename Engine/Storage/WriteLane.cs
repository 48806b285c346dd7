using System.Data.Common;
using Orleans.Runtime;

namespace Aedile.Engine.Storage;

/// <summary>Writes grain state through one connection. Writes that wait for the disk meanwhile share one commit.</summary>
/// <remarks>
/// A commit costs one flush to the disk however many rows it has, so 50 grains that write at once pay for one or two.
/// Each keeps its own result: a lost compare-and-set fails only its own grain.
/// </remarks>
internal sealed class WriteLane(DbDataSource database, StateDialect dialect, TaskScheduler scheduler, TimeProvider clock)
    : IAsyncDisposable
{
    private const int LargestBatch = 256;

    private readonly Lock _lock = new();
    private readonly Queue<StateWrite> _waiting = [];
    private Task _running = Task.CompletedTask;
    private StateCommands? _commands;
    private bool _isRunning;

    /// <exception cref="OrleansException">The database failed; the message says whether the outcome is known.</exception>
    public Task<WriteResult> Write(StateWrite write)
    {
        lock (_lock)
        {
            _waiting.Enqueue(write);
            if (!_isRunning)
            {
                // Not on the grain's turns: a flush blocks its thread for milliseconds with SQLite.
                _isRunning = true;
                _running = Task.Factory.StartNew(
                    Run, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
            }
        }

        return write.Done;
    }

    /// <summary>Waits for the writes that were queued, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _running;
        await Disconnect();
    }

    private async Task Run()
    {
        while (NextBatch() is { } batch)
        {
            try
            {
                await Commit(batch);
            }
            catch (Exception error)
            {
                foreach (var write in batch)
                {
                    write.Fail(new OrleansException(
                        $"Could not write {write.Row}: the database failed before the commit, so nothing changed.", error));
                }

                await Disconnect();
            }
        }
    }

    private List<StateWrite>? NextBatch()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _isRunning = false;
                return null;
            }

            var batch = new List<StateWrite>(Math.Min(_waiting.Count, LargestBatch));
            while (batch.Count < LargestBatch && _waiting.TryDequeue(out var write)) batch.Add(write);
            return batch;
        }
    }

    private async Task Commit(List<StateWrite> batch)
    {
        _commands ??= await Connect();
        var results = new WriteResult[batch.Count];
        await using var transaction = await _commands.Begin();
        var now = clock.GetUtcNow();
        for (var i = 0; i < results.Length; i++) results[i] = await _commands.Apply(batch[i], transaction, now);

        try
        {
            await transaction.CommitAsync();
        }
        catch (DbException error)
        {
            // The database may have committed and only the answer is lost. InconsistentStateException would say that
            // somebody else wrote, which nobody knows.
            foreach (var write in batch)
            {
                write.Fail(new OrleansException(
                    $"The outcome of writing {write.Row} is unknown: the commit failed. Read before writing again.", error));
            }

            await Disconnect();
            return;
        }

        for (var i = 0; i < results.Length; i++) batch[i].Complete(results[i]);
    }

    private async Task<StateCommands> Connect()
    {
        var connection = await database.OpenConnectionAsync();
        try
        {
            await dialect.PrepareWriter(connection, CancellationToken.None);
            return new StateCommands(connection, dialect);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task Disconnect()
    {
        if (_commands is not { } commands) return;
        _commands = null;
        await commands.DisposeAsync();
    }
}

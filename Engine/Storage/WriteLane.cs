using System.Data.Common;
using System.Globalization;
using Orleans.Runtime;

namespace Aedile.Engine.Storage;

/// <summary>
/// Writes grain state through one connection. Writes that wait for the disk meanwhile share one commit.
/// </summary>
/// <remarks>
/// A commit costs one flush to the disk however many rows it has, so 50 grains that write at once pay for one or two.
/// Each keeps its own result: a lost compare-and-set fails only its own grain.
/// </remarks>
internal sealed class WriteLane(
    DbDataSource database, DatabaseDialect dialect, TaskScheduler scheduler, TimeProvider clock) : IAsyncDisposable
{
    private const int LargestBatch = 256;
    private const string Unchanged =
        "Could not write {0}: the database failed before the commit, so nothing changed.";
    private const string Unknown =
        "The outcome of writing {0} is unknown: the commit failed. Read before writing again.";

    private readonly Lock _lock = new();
    private readonly Queue<StateWrite> _waiting = [];
    private Task _running = Task.CompletedTask;
    private StateSession? _session;
    private bool _isRunning;

    /// <exception cref="OrleansException">The database failed; the message says whether the outcome is
    /// known.</exception>
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
                _session ??= await Connect();
            }
            catch (Exception error)
            {
                // Those that came meanwhile would each wait as long for a database that is away.
                Fail([.. batch, .. TakeRest()], error, Unchanged);
                continue;
            }

            await Commit(_session, batch);
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

    private List<StateWrite> TakeRest()
    {
        lock (_lock)
        {
            List<StateWrite> rest = [.. _waiting];
            _waiting.Clear();
            return rest;
        }
    }

    private async Task Commit(StateSession session, List<StateWrite> batch)
    {
        try
        {
            var results = await session.Write(batch, clock.GetUtcNow());
            for (var i = 0; i < results.Length; i++) batch[i].Complete(results[i]);
        }
        catch (CommitLostException error)
        {
            // InconsistentStateException would say that somebody else wrote, which nobody knows.
            Fail(batch, error.InnerException!, Unknown);
            await Disconnect();
        }
        catch (DbException error) when (StateSession.IsRefusal(error))
        {
            // One that the database refuses must not take the others with it.
            if (batch.Count == 1) Fail(batch, error, Unchanged);
            else foreach (var write in batch) await CommitAlone(session, write);
        }
        catch (Exception error)
        {
            Fail(batch, error, Unchanged);
            await Disconnect();
        }
    }

    private async Task CommitAlone(StateSession session, StateWrite write)
    {
        if (_session == session) await Commit(session, [write]);
        else Fail([write], new IOException("The connection broke at a write before this one."), Unchanged);
    }

    private static void Fail(IReadOnlyList<StateWrite> batch, Exception error, string message)
    {
        foreach (var write in batch) write.Fail(new OrleansException(TextOf(message, write), error));
    }

    private static string TextOf(string message, StateWrite write) =>
        string.Format(CultureInfo.InvariantCulture, message, write.Row);

    private async Task<StateSession> Connect()
    {
        var connection = await database.OpenConnectionAsync();
        try
        {
            await dialect.PrepareWriter(connection, CancellationToken.None);
            return dialect.Use(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task Disconnect()
    {
        if (_session is not { } session) return;
        _session = null;
        await session.DisposeAsync();
    }
}

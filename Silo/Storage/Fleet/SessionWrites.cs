using System.Data.Common;

namespace Aedile.Silo.Storage.Fleet;

/// <summary>
/// Writes the changes of sessions. Those that come while others are being written are then committed together: of a
/// thousand agents that come at once, the database sees some tens of transactions. Thread-safe.
/// </summary>
internal sealed class SessionWrites(SiloDatabase database)
{
    /// <summary>How many are committed together: other silos' changes wait meanwhile.</summary>
    public const int TogetherMax = 128;

    private readonly string _advance = database.Sql("Fleet/advance_fleet_version");
    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = [];
    private bool _isWriting;

    /// <summary>One change: it gets the open transaction, and the number that is its own.</summary>
    public delegate Task Change(DbConnection connection, long version, CancellationToken cancellation);

    /// <summary>Completes when the change is committed. Changes are carried out one after another.</summary>
    /// <param name="change">
    /// May be called again, in another transaction, when one that was to be committed with it has failed.
    /// </param>
    /// <param name="cancellation">Gives up: it leaves the line, or may have been committed or not.</param>
    /// <exception cref="DbException">The database is away, or refuses this change.</exception>
    public Task Write(Change change, CancellationToken cancellation)
    {
        var waiting = new Waiting(change, cancellation);
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            if (!_isWriting)
            {
                _isWriting = true;
                _ = WriteAll();
            }
        }

        return waiting.Done.Task.WaitAsync(cancellation);
    }

    private async Task WriteAll()
    {
        // Whoever came first shall not write for all who come later. And SQLite's calls block.
        await Task.Yield();
        while (Take() is { Count: > 0 } together) await Write(together);
    }

    private List<Waiting> Take()
    {
        lock (_gate)
        {
            var together = new List<Waiting>();
            while (together.Count < TogetherMax && _waiting.TryDequeue(out var waiting))
                if (!waiting.Cancellation.IsCancellationRequested) together.Add(waiting);
            _isWriting = together.Count > 0;
            return together;
        }
    }

    private async Task Write(List<Waiting> together)
    {
        // A database that says nothing is waited for as long as somebody waits.
        using var nobody = new CancellationTokenSource();
        var left = together.Count;
        var registrations = together.ConvertAll(waiting => waiting.Cancellation.Register(() =>
        {
            if (Interlocked.Decrement(ref left) == 0) nobody.Cancel();
        }));
        try
        {
            while (together.Count > 0 && await TryCommit(together, nobody.Token) is { } culprit)
                together.Remove(culprit);
        }
        finally
        {
            foreach (var registration in registrations) await registration.DisposeAsync();
        }
    }

    /// <summary>Commits all, or tells all that it failed.</summary>
    /// <returns>The one that failed alone and was told; the others are untouched, to be tried without it.</returns>
    private async Task<Waiting?> TryCommit(List<Waiting> together, CancellationToken cancellation)
    {
        Waiting? current = null;
        try
        {
            await using var connection = await database.Open(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            // The numbers first: that holds up other silos, so that what is read next is the newest.
            var version = await Advance(connection, together.Count, cancellation) - together.Count;
            foreach (var waiting in together)
            {
                current = waiting;
                await waiting.Change(connection, ++version, cancellation);
            }

            current = null;
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception error)
        {
            foreach (var waiting in current is null ? together : [current]) waiting.Done.SetException(error);
            return current;
        }

        foreach (var waiting in together) waiting.Done.SetResult();
        return null;
    }

    private async Task<long> Advance(DbConnection connection, int count, CancellationToken cancellation)
    {
        await using var command = connection.Prepare(_advance, ("@count", count));
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private sealed record Waiting(Change Change, CancellationToken Cancellation)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

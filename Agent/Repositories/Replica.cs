using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>What the running process knows of one replica besides the journal: its locks and its git child.</summary>
internal sealed class Replica(RepositoryId id, string path)
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RepositoryId Id => id;

    /// <summary>The bare repository.</summary>
    public string Path => path;

    /// <summary>One command at a time, in the order they came.</summary>
    public FairGate Turn { get; } = new();

    /// <summary>
    /// Shared by whoever lists refs, alone for whoever moves them. Taken inside a turn, never around one.
    /// </summary>
    public FairGate Refs { get; } = new();

    /// <summary>Whether this process cleaned and checked the replica. Set under its turn.</summary>
    public bool IsOpened { get; set; }

    /// <summary>The git child that holds the open promise's locks; null after a restart. Used under the turn.</summary>
    public IRefSession? Session { get; set; }

    /// <summary>When the coordinator last spoke of the open promise.</summary>
    public DateTimeOffset LastWordAt { get; set; }

    /// <summary>Ends when the replica's version changes next, or a promise is closed.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Waits for a <see cref="Changed"/> that was taken before the look at the state.</summary>
    /// <returns>False when the time is over first.</returns>
    public static async Task<bool> Await(
        Task changed, TimeSpan limit, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            await Here(changed).WaitAsync(limit, clock, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Wakes everyone who waits for <see cref="Changed"/>.</summary>
    public void SignalChanged() =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Folder that takes a transaction's objects until they are decided.</summary>
    public string Quarantine(TransactionId transaction) =>
        System.IO.Path.Combine(path, "objects", $"incoming-{transaction}");

    // On the caller's scheduler: a limit on the source's own task would let the wait end on the thread pool.
    private static async Task Here(Task changed) => await changed;
}

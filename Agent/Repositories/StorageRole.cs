using Aedile.Client.Fleet;

namespace Aedile.Agent.Repositories;

/// <summary>The storage role of one agent: its journal, its replicas and its background work.</summary>
internal sealed class StorageRole : IAsyncDisposable
{
    private readonly StoragePorts _ports;
    private readonly ReplicaJournal _journal;
    private readonly StorageSteps _steps;
    private readonly PromiseWatch _watch;
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;
    private int _isDisposed;

    private StorageRole(StoragePorts ports, ReplicaJournal journal, ReplicaShelf shelf)
    {
        (_ports, _journal, Shelf) = (ports, journal, shelf);
        var disk = new ReplicaDisk(ports.Disk, ports.Stop);
        var packs = new PackShelf(ports.Clock, ports.Options.StagingLease);
        var closer = new PromiseCloser(ports, journal, disk);
        var firstUse = new FirstUse(ports, journal, disk, closer);
        Staging = new Staging(ports, journal, packs, disk, firstUse);
        _steps = new StorageSteps(
            firstUse, new Preparation(ports, journal, packs, closer), closer, Staging,
            new Repair(ports, journal, disk, firstUse));
        Store = new ReplicaStore(journal, shelf, ports, _steps);
        Reads = new ReplicaReads(ports, journal, firstUse);
        _watch = new PromiseWatch(ports, journal, shelf, Store, Staging);
    }

    public ReplicaShelf Shelf { get; }
    public ReplicaStore Store { get; }
    public ReplicaReads Reads { get; }
    public Staging Staging { get; }

    /// <summary>The journal's state, for tests and people.</summary>
    public JournalState State => _journal.State;

    /// <summary>What it says of itself. Cost: linear in replicas.</summary>
    /// <param name="gitProcesses">How many children run.</param>
    /// <param name="isDiskFull">Whether hardly any room is left.</param>
    /// <param name="isReadOnly">Whether nothing can be written.</param>
    public StorageStatus Describe(int gitProcesses, bool isDiskFull, bool isReadOnly)
    {
        var (replicas, open, suspect) = (0, 0, 0);
        foreach (var replica in State.Replicas.Values)
        {
            if (replica.Exists) replicas++;
            if (replica.Open is not null) open++;
            if (replica.IsSuspect) suspect++;
        }

        return new StorageStatus(replicas, open, suspect, gitProcesses, isDiskFull, isReadOnly);
    }

    /// <summary>Opens the role on a folder and starts its background work.</summary>
    /// <param name="ports">The outside world.</param>
    /// <param name="root">The role's folder; made when missing, its parent must exist.</param>
    /// <param name="bootId">Identity of the machine's current boot.</param>
    /// <exception cref="JournalCorruptException">The journal can't be trusted.</exception>
    public static async Task<StorageRole> Start(StoragePorts ports, string root, string bootId)
    {
        var shelf = new ReplicaShelf(root);
        await ports.Disk.CreateDirectory(shelf.ReplicasPath);
        await ports.Disk.FlushDirectory(Path.GetDirectoryName(root)!);
        var journal = await ReplicaJournal.Open(
            ports.Disk, shelf.JournalPath, ports.Options.JournalCompactAfter, ports.Stop, ports.Log);
        if (journal.IsNew && (await ports.Disk.List(shelf.ReplicasPath)).Count > 0)
            throw new JournalCorruptException(
                $"'{shelf.ReplicasPath}' holds replicas, but there is no journal in '{shelf.JournalPath}'.");
        await journal.Append(new JournalRecord.Started(bootId));
        var role = new StorageRole(ports, journal, shelf);
        role._work = Task.WhenAll(role._watch.Run(role._stopping.Token), role.OpenAll(role._stopping.Token));
        ports.Log.RoleStarted(root, journal.State.Replicas.Count);
        return role;
    }

    /// <summary>Ends background work, lets go of locks, and says so in the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return; // The container and whoever opened it both may.
        _stopping.Cancel();
        await _work;
        foreach (var (id, state) in _journal.State.Replicas)
            if (state.Open is not null) await LetGo(Shelf[id]);
        await _journal.Append(new JournalRecord.Stopped());
        await _journal.DisposeAsync();
        _stopping.Dispose();
    }

    // The promise stays on disk; only the child with its locks goes.
    private async Task LetGo(Replica replica)
    {
        using var turn = await replica.Turn.EnterAlone();
        if (replica.Session is not null) await _steps.Closer.DropSession(replica);
    }

    // Leftovers of an earlier run are cleared in the background too, for replicas that nobody asks for.
    private async Task OpenAll(CancellationToken stopping)
    {
        await Task.Yield();
        foreach (var id in _journal.State.Replicas.Keys)
        {
            if (stopping.IsCancellationRequested) return;
            try { await _steps.FirstUse.Ensure(Shelf[id], stopping); }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested) { return; }
            catch (Exception e) { _ports.Log.WatchFailed(e, id); } // Its first use will try again.
        }
    }
}

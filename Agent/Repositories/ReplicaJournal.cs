using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// The agent's append-only journal: what it promised, decided and holds. Records that arrive while a flush runs share
/// the next one. The state in memory never runs ahead of the disk. Any error of writing or flushing stops the role:
/// after a failed fsync nobody knows what is on disk, and asking again may only say that all is well (Rebello et al.,
/// "Can Applications Recover from fsync Failures?", 2020).
/// </summary>
internal sealed class ReplicaJournal : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly JournalFiles _files;
    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly long _compactAfter;
    private readonly RoleStop _stop;
    private List<Waiting> _waiting = [];
    private bool _isWriting;
    private Exception? _failure;
    private IAppendFile _log;
    private int _number;
    private ulong _sequence;
    private ulong _durable;
    private Task _compaction = Task.CompletedTask;
    private volatile JournalState _state;

    private ReplicaJournal(
        IDisk disk, string directory, JournalFiles files, JournalFiles.Loaded loaded, IAppendFile log,
        long compactAfter,
        RoleStop stop)
    {
        (_disk, _directory, _files, _log, _compactAfter, _stop) = (disk, directory, files, log, compactAfter, stop);
        (_state, _number, _sequence, _durable) = (loaded.State, loaded.Number, loaded.Sequence, loaded.Sequence);
    }

    /// <summary>Everything the journal says now.</summary>
    public JournalState State => _state;

    /// <summary>Whether the journal was made by this opening: nothing was ever written before.</summary>
    public bool IsNew { get; private init; }

    /// <summary>Opens the journal in a folder, cuts off a torn tail, and makes the folder when it is missing.</summary>
    /// <param name="disk">Where it lies.</param>
    /// <param name="directory">Its folder; the parent must exist.</param>
    /// <param name="compactAfter">A log longer than this (bytes) is replaced by a snapshot.</param>
    /// <param name="stop">Called on the first error of writing.</param>
    /// <param name="log">Hears of a torn tail.</param>
    /// <exception cref="JournalCorruptException">The journal is damaged in a way no crash explains.</exception>
    public static async Task<ReplicaJournal> Open(
        IDisk disk, string directory, long compactAfter, RoleStop stop, ILogger log)
    {
        var files = new JournalFiles(disk, directory);
        var loaded = await files.Load();
        var isNew = loaded.Number == 0;
        if (isNew) loaded = loaded with { Number = 1 };
        if (loaded.TornBytes > 0) log.JournalTailCut(directory, loaded.TornBytes, loaded.Sequence);
        var file = await disk.OpenAppend(files.LogPath(loaded.Number));
        if (file.Length > loaded.Length) await file.Truncate(loaded.Length);
        // What was read may still lie in the page cache only: what we answer from it must be as durable as the rest.
        await file.Flush();
        await disk.FlushDirectory(directory);
        return new ReplicaJournal(disk, directory, files, loaded, file, compactAfter, stop) { IsNew = isNew };
    }

    /// <summary>What the journal says of one replica.</summary>
    public ReplicaState Get(RepositoryId repository) =>
        _state.Replicas.GetValueOrDefault(repository, ReplicaState.None);

    /// <summary>
    /// Appends a record about a replica; done when it is durable. Cost: one fsync, shared with others.
    /// </summary>
    /// <exception cref="IOException">The role is stopping; nothing is known of the record.</exception>
    public Task Append(RepositoryId repository, JournalRecord record) =>
        Enqueue(new(repository, record), durable: true);

    /// <summary>Appends a record about the role itself; done when it is durable.</summary>
    public Task Append(JournalRecord record) => Enqueue(new(null, record), durable: true);

    /// <summary>Writes a record without waiting for the disk: it outlives this process, not a power cut.</summary>
    public Task Note(RepositoryId repository, JournalRecord record) => Enqueue(new(repository, record), durable: false);

    public async ValueTask DisposeAsync()
    {
        await _compaction;
        await _log.DisposeAsync();
    }

    private Task Enqueue(JournalEntry entry, bool durable)
    {
        var waiting = new Waiting(entry, durable);
        lock (_gate)
        {
            if (_failure is not null) return Task.FromException(Stopped(_failure));
            _waiting.Add(waiting);
            if (_isWriting) return waiting.Done.Task;
            _isWriting = true;
        }
        _ = WriteLoop();
        return waiting.Done.Task;
    }

    private async Task WriteLoop()
    {
        while (true)
        {
            List<Waiting> batch;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _isWriting = false;
                    return;
                }
                (batch, _waiting) = (_waiting, []);
            }
            try
            {
                await Write(batch);
                if (_log.Length > _compactAfter && _compaction.IsCompleted) await Rotate();
            }
            catch (Exception e)
            {
                Fail(batch, e);
                return;
            }
            foreach (var waiting in batch) waiting.Done.TrySetResult();
            // Whoever wrote this batch goes on with its own work; the next batch is somebody else's turn.
            await Task.Yield();
        }
    }

    private async Task Write(List<Waiting> batch)
    {
        var after = batch.Aggregate(_state, (state, waiting) => state.Apply(waiting.Entry));
        var payload = JsonSerializer.SerializeToUtf8Bytes(batch.Select(w => w.Entry), Wire.Json);
        await _log.Append(JournalFrame.Encode(_sequence + 1, _durable, payload));
        _sequence++;
        if (batch.Exists(w => w.IsDurable))
        {
            await _log.Flush();
            _durable = _sequence;
        }
        _state = after;
    }

    // The next log must exist before anything is written to it, and the old one must be whole: readers refuse gaps.
    private async Task Rotate()
    {
        await _log.Flush();
        _durable = _sequence;
        await _log.DisposeAsync();
        _log = await _disk.OpenAppend(_files.LogPath(_number + 1));
        await _disk.FlushDirectory(_directory);
        _number++;
        _compaction = Compact(_number, _state);
    }

    private async Task Compact(int number, JournalState state)
    {
        await Task.Yield(); // Writers must not wait for the snapshot.
        try { await _files.WriteSnapshot(number, state); }
        catch (Exception e) { Fail([], e); }
    }

    private void Fail(List<Waiting> batch, Exception cause)
    {
        lock (_gate)
        {
            _failure ??= cause;
            batch.AddRange(_waiting);
            _waiting.Clear();
        }
        _stop("the journal could not be written", cause);
        foreach (var waiting in batch) waiting.Done.TrySetException(Stopped(cause));
    }

    private static IOException Stopped(Exception cause) => new("The journal has failed; the role is stopping.", cause);

    private sealed class Waiting(JournalEntry entry, bool isDurable)
    {
        public JournalEntry Entry => entry;
        public bool IsDurable => isDurable;
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

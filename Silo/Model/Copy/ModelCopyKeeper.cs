using System.Collections.Concurrent;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Silo.Model.Copy;

/// <summary>
/// Keeps <see cref="ModelCopy"/> a second behind the replica: new entries are appended, one flush for all of them;
/// after many (<see cref="SnapshotPace"/>), or when the replica was loaded anew, a snapshot takes their place.
/// </summary>
internal sealed class ModelCopyKeeper : BackgroundService
{
    // A disk that hangs must not fill the memory: a snapshot makes up for entries that were let go.
    private const int WaitingMax = 100_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ModelReplica _replica;
    private readonly ModelCopy _copy;
    private readonly TimeProvider _clock;
    private readonly ILogger<ModelCopyKeeper> _log;
    private readonly ConcurrentQueue<ModelEntry> _waiting = new();
    private (int Loads, long Index)? _stored;
    private int _tail;
    private int _tailMax;
    private bool _hasFailed;

    public ModelCopyKeeper(ModelReplica replica, ModelCopy copy, TimeProvider clock, ILogger<ModelCopyKeeper> log)
    {
        (_replica, _copy, _clock, _log) = (replica, copy, clock, log);
        replica.Taken += Keep;
    }

    /// <summary>Brings the copy up to date. What fails is made good by a snapshot the next time.</summary>
    public async Task Turn(CancellationToken cancellation)
    {
        // Asked first: a load that comes after this line is seen by the next turn.
        var loads = _replica.Loads;
        var entries = new List<ModelEntry>();
        while (_waiting.TryDequeue(out var entry))
        {
            if (entry.Index > (_stored?.Index ?? 0)) entries.Add(entry);
        }

        if (loads == 0 || (_stored?.Loads == loads && entries.Count == 0)) return;
        try
        {
            if (_stored is { } stored && stored.Loads == loads && Follow(entries, stored.Index))
                Append(entries, loads);
            else
                await WriteAll(loads, cancellation);
            if (_hasFailed) _log.CopyIsKeptAgain(_stored!.Value.Index);
            _hasFailed = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_hasFailed) _log.CopyNotKept(error.Message);
            (_stored, _hasFailed) = (null, true);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await Turn(stoppingToken);
    }

    private void Append(List<ModelEntry> entries, int loads)
    {
        _copy.Append(entries);
        _tail += entries.Count;
        _stored = (loads, entries[^1].Index);
    }

    private async Task WriteAll(int loads, CancellationToken cancellation)
    {
        var state = _replica.Current;
        await _copy.Write(state, cancellation);
        (_tail, _tailMax) = (0, SnapshotPace.EntriesAfter(state));
        _stored = (loads, state.Index);
    }

    private void Keep(ModelEntry entry)
    {
        if (_waiting.Count < WaitingMax) _waiting.Enqueue(entry);
    }

    // Between two loads the replica gives entries in order: only those that were let go can be missing.
    private bool Follow(List<ModelEntry> entries, long index) =>
        _tail + entries.Count <= _tailMax && entries[0].Index == index + 1
        && entries[^1].Index == index + entries.Count;
}

using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;

namespace Aedile.Silo.Model;

/// <summary>
/// This silo's copy of all definitions. A reader takes <see cref="Current"/> and has one version; entries come from the
/// sequencer and, as a fallback, from the journal.
/// </summary>
internal sealed class ModelReplica(IModelJournal journal, TimeProvider clock) : IModelReplica, IModelFollower
{
    private const int ReadMax = 1_000;

    private readonly Lock _writing = new();
    private readonly PriorityQueue<TaskCompletionSource<bool>, long> _waiting = new();
    private volatile ModelState _current = ModelState.Empty("");
    private volatile bool _isJournalThere;
    private long _confirmedAt;

    /// <inheritdoc/>
    public ModelState Current => _current;

    /// <summary>How long ago this replica was known to hold the newest entry.</summary>
    public TimeSpan Age => clock.GetElapsedTime(Interlocked.Read(ref _confirmedAt));

    /// <summary>Whether the journal could be read when it was last asked; without it nothing can be written.</summary>
    public bool IsJournalThere { get => _isJournalThere; set => _isJournalThere = value; }

    /// <summary>Hears of each entry, in order, with the state before it and after it. Must be quick.</summary>
    public event Action<ModelState, ModelState>? Applied;

    /// <summary>Called when entries are missing that the journal has.</summary>
    public Action FellBehind { get; set; } = static () => { };

    /// <summary>Takes another state: the first one, or that of another history.</summary>
    public void Load(ModelState state)
    {
        lock (_writing)
        {
            _current = state;
            Release();
        }
    }

    /// <inheritdoc/>
    public Task Take(ImmutableArray<ModelEntry> entries)
    {
        Offer(entries);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Offer(ImmutableArray<ModelEntry> entries)
    {
        lock (_writing)
        {
            foreach (var entry in entries)
            {
                var before = _current;
                if (entry.Index <= before.Index) continue;
                if (entry.Index > before.Index + 1)
                {
                    FellBehind();
                    return;
                }

                var after = before.Apply(entry);
                _current = after;
                Applied?.Invoke(before, after);
            }

            Release();
        }
    }

    /// <summary>Notes that this replica holds what the journal ended with at a moment.</summary>
    /// <param name="asked">When the journal was asked: a timestamp of the clock.</param>
    public void Confirm(long asked) => Interlocked.Exchange(ref _confirmedAt, asked);

    /// <summary>Waits until an index is applied.</summary>
    /// <returns>False when it took longer than the limit.</returns>
    public async Task<bool> WaitFor(long index, TimeSpan limit, CancellationToken cancellation)
    {
        if (_current.Index >= index) return true;
        var waiting = TimedWait.New();
        lock (_writing)
        {
            if (_current.Index >= index) return true;
            _waiting.Enqueue(waiting, index);
        }

        try
        {
            return await TimedWait.For(waiting, limit, clock, cancellation);
        }
        finally
        {
            // Who gives up must not stay in the queue until an index that may never come.
            if (_current.Index < index)
            {
                lock (_writing) _waiting.Remove(waiting, out _, out _);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<ModelState> CatchUp(CancellationToken cancellation)
    {
        // Entries may come while the head is read: only what was here before must be in it.
        var before = _current;
        var head = await journal.ReadHead(cancellation);
        if (before.Timeline != head.Timeline || before.Index > head.Index) throw WentBack(before, head);
        while (_current.Index < head.Index)
        {
            var entries = await journal.Read(_current.Index, ReadMax, cancellation);
            if (entries.IsEmpty && _current.Index < head.Index)
                throw new InvalidDataException($"The journal lacks entry {_current.Index + 1}.");
            Offer(entries);
        }

        var state = _current;
        return state.Index == head.Index && state.Digest != head.Digest ? throw WentBack(state, head) : state;
    }

    private static InvalidDataException WentBack(ModelState state, JournalHead head) => new(
        $"The journal ends with index {head.Index} of history {head.Timeline}, which is not what this silo saw up to "
        + $"index {state.Index} of {state.Timeline}: the database went back.");

    private void Release()
    {
        while (_waiting.TryPeek(out var waiting, out var index) && index <= _current.Index)
        {
            _waiting.Dequeue();
            waiting.TrySetResult(true);
        }
    }
}

using System.Collections.Immutable;
using Aedile.Client.Model;
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
    private long _epoch;

    // The newest index that all who follow have heard of.
    private long _told;

    /// <inheritdoc/>
    public ModelState Current => _current;

    /// <summary>How long ago this replica was known to hold the newest entry.</summary>
    public TimeSpan Age => clock.GetElapsedTime(Interlocked.Read(ref _confirmedAt));

    /// <summary>Epoch of the sequencer that had claimed the journal when its head was last read.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>Whether the journal could be read when it was last asked; without it nothing can be written.</summary>
    public bool IsJournalThere { get => _isJournalThere; set => _isJournalThere = value; }

    /// <summary>Hears of each entry, in order, once it is applied. Must be quick.</summary>
    public event Action<ModelEntry>? Taken;

    /// <summary>How often a whole state was loaded: what was there before may be of another history.</summary>
    public int Loads { get; private set; }

    /// <summary>
    /// Hears of each entry, in order, with the state before it, after it, and what it says; that is null when the state
    /// after it was loaded and follows on nothing. Must be quick.
    /// </summary>
    public event Action<ModelState, ModelState, JournalEntry?>? Changed;

    /// <summary>Called when entries are missing that the journal has.</summary>
    public Action FellBehind { get; set; } = static () => { };

    /// <summary>Takes another state: the first one, or that of another history.</summary>
    public void Load(ModelState state)
    {
        lock (_writing)
        {
            var before = _current;
            _current = state;
            Loads++;
            Changed?.Invoke(before, state, null);
            Interlocked.Exchange(ref _told, state.Index);
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
    public void Adopt(string digest, ImmutableArray<Decision.Append> entries)
    {
        lock (_writing)
        {
            foreach (var (entry, content, after) in entries)
            {
                var before = _current;
                if (entry.Index > before.Index)
                {
                    if (entry.Index > before.Index + 1 || before.Digest != digest || before.Timeline != after.Timeline)
                    {
                        FellBehind();
                        return;
                    }

                    Step(before, after, entry, content);
                }

                digest = entry.Digest;
            }

            Release();
        }
    }

    /// <summary>Takes entries that are durable. Those it has are skipped; a gap is filled from the journal.</summary>
    /// <exception cref="InvalidDataException">An entry is not what follows on the state here.</exception>
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

                Step(before, before.Apply(entry, out var content), entry, content);
            }

            Release();
        }
    }

    /// <summary>Notes that this replica holds what the journal ended with at a moment.</summary>
    /// <param name="asked">When the journal was asked: a timestamp of the clock.</param>
    public void Confirm(long asked) => Interlocked.Exchange(ref _confirmedAt, asked);

    /// <summary>Waits until an index is applied, and all who follow have heard of it.</summary>
    /// <returns>False when it took longer than the limit.</returns>
    public async Task<bool> WaitFor(long index, TimeSpan limit, CancellationToken cancellation)
    {
        if (Interlocked.Read(ref _told) >= index) return true;
        var waiting = TimedWait.New();
        lock (_writing)
        {
            if (_told >= index) return true;
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
        Interlocked.Exchange(ref _epoch, head.Epoch);
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
        state.Timeline != head.Timeline && state.Timeline.Length > 0
        ? $"History {head.Timeline} took the place of {state.Timeline}: the model was imported or restored."
        : $"The journal ends with index {head.Index} of history {head.Timeline}, which is not what this silo saw up to "
        + $"index {state.Index} of {state.Timeline}: the database went back.");

    private void Step(ModelState before, ModelState after, ModelEntry entry, JournalEntry content)
    {
        _current = after;
        Taken?.Invoke(entry);
        Changed?.Invoke(before, after, content);
        Interlocked.Exchange(ref _told, after.Index);
    }

    private void Release()
    {
        while (_waiting.TryPeek(out var waiting, out var index) && index <= _current.Index)
        {
            _waiting.Dequeue();
            waiting.TrySetResult(true);
        }
    }
}

using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;

namespace Aedile.Tests.Model;

/// <summary>A journal that a test can take away before or after a write takes effect.</summary>
internal sealed class MemoryJournal : IModelJournal
{
    private readonly Lock _lock = new();
    private readonly List<ModelEntry> _entries = [];

    public JournalHead Head { get; private set; } = new("t1", 0, 0, ModelState.Empty("t1").Digest);

    /// <summary>How many appends took effect.</summary>
    public int Appends { get; private set; }

    /// <summary>Comes before each append, and may throw.</summary>
    public Func<Task> BeforeAppend { get; set; } = () => Task.CompletedTask;

    /// <summary>Comes after each append has taken effect, and may throw.</summary>
    public Action AfterAppend { get; set; } = () => { };

    /// <summary>Comes before each look at the head, and may throw.</summary>
    public Action BeforeHead { get; set; } = () => { };

    /// <summary>Comes after each look at the head, before who looks has it.</summary>
    public Action AfterHead { get; set; } = () => { };

    public IReadOnlyList<ModelEntry> Entries => _entries;

    public async Task<JournalHead> ReadHead(CancellationToken cancellation)
    {
        await Task.Yield();
        BeforeHead();
        JournalHead head;
        lock (_lock) head = Head;
        AfterHead();
        return head;
    }

    public async Task<JournalHead?> TryClaim(JournalHead head, CancellationToken cancellation)
    {
        await Task.Yield();
        lock (_lock) return Head == head ? Head = head with { Epoch = head.Epoch + 1 } : null;
    }

    public async Task<bool> TryAppend(
        JournalHead head, ImmutableArray<ModelEntry> entries, CancellationToken cancellation)
    {
        await BeforeAppend();
        lock (_lock)
        {
            if (Head != head) return false;
            _entries.AddRange(entries);
            Head = head with { Index = entries[^1].Index, Digest = entries[^1].Digest };
            Appends++;
        }

        AfterAppend();
        return true;
    }

    /// <summary>As after a restore of an older backup.</summary>
    public void GoBackTo(long index)
    {
        _entries.RemoveRange((int)index, _entries.Count - (int)index);
        Head = Head with { Index = index, Digest = index == 0 ? ModelState.Empty("").Digest : _entries[^1].Digest };
    }

    public Task<ImmutableArray<ModelEntry>> Read(long after, int limit, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(_entries.Skip((int)after).Take(limit).ToImmutableArray());
    }
}

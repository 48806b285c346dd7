namespace Aedile.Tests.Simulation;

/// <summary>Something that somebody asked of one object, and when. Times are virtual.</summary>
/// <param name="Start">It can't have taken effect earlier.</param>
/// <param name="End">When it was answered; null: never, so it may take effect at any time, or not at all.</param>
/// <param name="Call">What was asked, and the answer if there was one.</param>
internal sealed record Seen<TCall>(TimeSpan Start, TimeSpan? End, TCall Call)
    where TCall : notnull;

/// <summary>
/// Whether some order explains what was seen of one object: each call takes effect at one moment between its start and
/// its end. The search is Wing and Gong's ("Testing and Verifying Concurrent Objects", 1993) with Lowe's memory of
/// what was tried ("Testing for Linearizability", 2017).
/// </summary>
/// <param name="step">The object: the state after a call in a state; null when the answer can't be that. A call
/// without an answer is possible in every state.</param>
internal sealed class Linearizability<TState, TCall>(Func<TState, TCall, TState?> step)
    where TState : class
    where TCall : notnull
{
    // Far more than the histories of a run need. One that needs more is a fault of the test, never a pass.
    private const int StatesMost = 4_000_000;

    /// <summary>Searches for an order, beginning with <paramref name="state"/>.</summary>
    /// <exception cref="InvalidOperationException">The history is too long to be judged.</exception>
    public bool Explains(IReadOnlyList<Seen<TCall>> history, TState state)
    {
        var head = Link(history);
        var earlier = EarlierEquals(history);
        var done = new CallSet(history.Count);
        var tried = new HashSet<(CallSet Done, TState State)>();
        var taken = new Stack<(Entry Entry, TState Before)>();
        var unexplained = history.Count(seen => seen.End is not null);
        var entry = head.Next;
        while (unexplained > 0)
        {
            if (entry is { Return: var answer, IsReturn: false })
            {
                // Of equal calls without an answer the later can do nothing that the earlier can't.
                if ((earlier[entry.Index] is var equal and >= 0 && !done.Contains(equal))
                    || step(state, history[entry.Index].Call) is not { } next
                    || !tried.Add((done.With(entry.Index), next)))
                {
                    entry = entry.Next;
                    continue;
                }
                if (tried.Count > StatesMost) throw new InvalidOperationException("The history is too long to judge.");
                taken.Push((entry, state));
                (state, done) = (next, done.With(entry.Index));
                entry.Leave();
                if (answer is not null) unexplained--;
                answer?.Leave();
                entry = head.Next;
            }
            else
            {
                // A call ended here that no order of those before it explains.
                if (!taken.TryPop(out var last)) return false;
                (entry, state) = last;
                done = done.Without(entry.Index);
                if (entry.Return is not null) unexplained++;
                entry.Return?.Come();
                entry.Come();
                entry = entry.Next;
            }
        }
        return true;
    }

    // For each call without an answer the last equal one before it; -1: none.
    private static int[] EarlierEquals(IReadOnlyList<Seen<TCall>> history)
    {
        var earlier = new int[history.Count];
        Array.Fill(earlier, -1);
        var last = new Dictionary<TCall, int>();
        foreach (var i in Enumerable.Range(0, history.Count).OrderBy(i => history[i].Start))
        {
            if (history[i].End is not null) continue;
            earlier[i] = last.GetValueOrDefault(history[i].Call, -1);
            last[history[i].Call] = i;
        }
        return earlier;
    }

    private static Entry Link(IReadOnlyList<Seen<TCall>> history)
    {
        var entries = new List<(TimeSpan At, Entry Entry)>();
        for (var i = 0; i < history.Count; i++)
        {
            var call = new Entry(i, isReturn: false);
            entries.Add((history[i].Start, call));
            if (history[i].End is not { } end) continue;
            call.Return = new Entry(i, isReturn: true);
            entries.Add((end, call.Return));
        }
        var head = new Entry(-1, isReturn: true);
        var last = head;
        // What starts when another ends may have come first: virtual time stands still while work is done.
        foreach (var (_, entry) in entries.OrderBy(e => e.At).ThenBy(e => e.Entry.IsReturn))
        {
            (last.Next, entry.Previous) = (entry, last);
            last = entry;
        }
        return head;
    }

    private sealed class Entry(int index, bool isReturn)
    {
        public int Index => index;
        public bool IsReturn => isReturn;
        public Entry? Return { get; set; }
        public Entry? Next { get; set; }
        public Entry? Previous { get; set; }

        public void Leave()
        {
            Previous!.Next = Next;
            if (Next is not null) Next.Previous = Previous;
        }

        public void Come()
        {
            Previous!.Next = this;
            if (Next is not null) Next.Previous = this;
        }
    }

    /// <summary>Calls by index, compared by content.</summary>
    private readonly struct CallSet : IEquatable<CallSet>
    {
        private readonly ulong[] _bits;

        public CallSet(int count) => _bits = new ulong[(count + 63) / 64];

        private CallSet(ulong[] bits) => _bits = bits;

        public CallSet With(int index) => Change(index, on: true);

        public bool Contains(int index) => (_bits[index >> 6] >> (index & 63) & 1) == 1;

        public CallSet Without(int index) => Change(index, on: false);

        public bool Equals(CallSet other) => _bits.AsSpan().SequenceEqual(other._bits);

        public override bool Equals(object? obj) => obj is CallSet other && Equals(other);

        public override int GetHashCode()
        {
            var hash = 14695981039346656037UL;
            foreach (var word in _bits) hash = (hash ^ word ^ (word >> 32)) * 1099511628211;
            return (int)(hash ^ (hash >> 32));
        }

        private CallSet Change(int index, bool on)
        {
            var bits = (ulong[])_bits.Clone();
            if (on) bits[index >> 6] |= 1UL << (index & 63);
            else bits[index >> 6] &= ~(1UL << (index & 63));
            return new CallSet(bits);
        }
    }
}

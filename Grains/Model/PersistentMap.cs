using System.Numerics;
using System.Runtime.CompilerServices;

namespace Aedile.Grains.Model;

/// <summary>
/// Items by key, persistent: a map stays as it is, a changed one shares nearly all with it. A trie of five bits of the
/// key's hash a level (Bagwell, "Ideal Hash Trees", 2001). Cost of a look-up: about log32 of the items, one cache line
/// a level; of a change: that many small arrays copied.
/// </summary>
/// <typeparam name="TKey">What items are found by.</typeparam>
/// <typeparam name="TItem">What is held.</typeparam>
internal sealed class PersistentMap<TKey, TItem> where TItem : struct, IMapItem<TKey>
{
    private const int Bits = 5;

    private readonly uint _mask;
    private readonly Node _root;

    private PersistentMap(uint mask, Node root, int count)
    {
        _mask = mask;
        _root = root;
        Count = count;
    }

    /// <summary>Without items.</summary>
    public static PersistentMap<TKey, TItem> Empty { get; } = new(uint.MaxValue, Node.Empty, 0);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>One with these items. Cost: linear; much cheaper than one by one.</summary>
    /// <param name="items">Each with its own key.</param>
    /// <param name="mask">The bits of hashes that are used; all, but in tests of keys that collide.</param>
    /// <exception cref="InvalidDataException">Two have the same key.</exception>
    public static PersistentMap<TKey, TItem> From(IReadOnlyCollection<TItem> items, uint mask = uint.MaxValue)
    {
        (uint, TItem)[] hashed = [.. items.Select(item => (TItem.HashOf(item.Key) & mask, item))];
        return new PersistentMap<TKey, TItem>(mask, Build(hashed, 0), hashed.Length);
    }

    /// <summary>Finds an item, where it lies; a null reference when there is none.</summary>
    public ref readonly TItem Find(TKey key)
    {
        var node = _root;
        for (var (rest, shift) = (HashOf(key), 0); shift < 32; rest >>= Bits, shift += Bits)
        {
            var bit = 1u << (int)(rest & 31);
            if ((node.ChildBits & bit) != 0)
            {
                node = node.Children[Place(node.ChildBits, bit)];
                continue;
            }

            if ((node.LeafBits & bit) == 0) return ref Unsafe.NullRef<TItem>();
            ref readonly var leaf = ref node.Leaves[Place(node.LeafBits, bit)];
            return ref leaf.IsOf(key) ? ref leaf : ref Unsafe.NullRef<TItem>();
        }

        // All bits are used up: these have equal hashes.
        foreach (ref readonly var leaf in node.Leaves.AsSpan())
        {
            if (leaf.IsOf(key)) return ref leaf;
        }

        return ref Unsafe.NullRef<TItem>();
    }

    /// <summary>Whether there is an item.</summary>
    public bool Contains(TKey key) => !Unsafe.IsNullRef(in Find(key));

    /// <summary>With an item, in place of that of the same key.</summary>
    public PersistentMap<TKey, TItem> With(TItem item)
    {
        var isNew = true;
        var root = With(_root, item, HashOf(item.Key), 0, ref isNew);
        return new PersistentMap<TKey, TItem>(_mask, root, isNew ? Count + 1 : Count);
    }

    /// <summary>Without an item; the same map when it isn't there.</summary>
    public PersistentMap<TKey, TItem> Without(TKey key) => Contains(key)
        ? new PersistentMap<TKey, TItem>(_mask, Without(_root, key, HashOf(key), 0), Count - 1) : this;

    private static int Place(uint bits, uint bit) => BitOperations.PopCount(bits & (bit - 1));

    // Of leaves with equal hashes; a method of its own, for a lambda would be made at each level of each change.
    private static int PlaceOf(TItem[] leaves, TKey key) => Array.FindIndex(leaves, leaf => leaf.IsOf(key));

    private static uint BitOf(uint hash, int shift) => 1u << (int)((hash >> shift) & 31);

    private uint HashOf(TKey key) => TItem.HashOf(key) & _mask;

    private Node With(Node node, TItem item, uint hash, int shift, ref bool isNew)
    {
        if (shift >= 32)
        {
            var same = PlaceOf(node.Leaves, item.Key);
            isNew = same < 0;
            return node with { Leaves = isNew ? [.. node.Leaves, item] : Replaced(node.Leaves, same, item) };
        }

        var bit = BitOf(hash, shift);
        if ((node.ChildBits & bit) != 0)
        {
            var child = Place(node.ChildBits, bit);
            var changed = With(node.Children[child], item, hash, shift + Bits, ref isNew);
            return node with { Children = Replaced(node.Children, child, changed) };
        }

        var place = Place(node.LeafBits, bit);
        if ((node.LeafBits & bit) == 0)
            return node with { LeafBits = node.LeafBits | bit, Leaves = Inserted(node.Leaves, place, item) };
        var there = node.Leaves[place];
        if (there.IsOf(item.Key))
        {
            isNew = false;
            return node with { Leaves = Replaced(node.Leaves, place, item) };
        }

        var below = With(Node.Empty, there, HashOf(there.Key), shift + Bits, ref isNew);
        below = With(below, item, hash, shift + Bits, ref isNew);
        return new Node(
            node.LeafBits & ~bit, node.ChildBits | bit, Removed(node.Leaves, place),
            Inserted(node.Children, Place(node.ChildBits, bit), below));
    }

    private static Node Build(ReadOnlySpan<(uint Hash, TItem Item)> all, int shift)
    {
        if (shift >= 32) return Bottom(all);
        // Counted, then put in their places: by their bits of this level.
        Span<int> ends = stackalloc int[33];
        foreach (var (hash, _) in all) ends[(int)((hash >> shift) & 31) + 1]++;
        for (var i = 1; i < ends.Length; i++) ends[i] += ends[i - 1];
        var sorted = new (uint, TItem)[all.Length];
        foreach (var one in all) sorted[ends[(int)((one.Hash >> shift) & 31)]++] = one;

        var (leafBits, childBits, leaves, children) = (0u, 0u, new List<TItem>(), new List<Node>());
        for (var (i, start) = (0, 0); i < 32; start = ends[i++])
        {
            switch (sorted.AsSpan(start..ends[i]))
            {
                case []: break;
                case [var (_, item)]:
                    leafBits |= 1u << i;
                    leaves.Add(item);
                    break;
                case var below:
                    childBits |= 1u << i;
                    children.Add(Build(below, shift + Bits));
                    break;
            }
        }

        return new Node(leafBits, childBits, [.. leaves], [.. children]);
    }

    private static Node Bottom(ReadOnlySpan<(uint Hash, TItem Item)> all)
    {
        var leaves = new List<TItem>();
        foreach (var (_, item) in all)
        {
            if (leaves.Exists(leaf => leaf.IsOf(item.Key)))
                throw new InvalidDataException($"{item.Key} is there twice.");
            leaves.Add(item);
        }

        return Node.Empty with { Leaves = [.. leaves] };
    }

    private static Node Without(Node node, TKey key, uint hash, int shift)
    {
        if (shift >= 32)
            return node with { Leaves = Removed(node.Leaves, PlaceOf(node.Leaves, key)) };
        var bit = BitOf(hash, shift);
        if ((node.ChildBits & bit) == 0)
            return node with
            {
                LeafBits = node.LeafBits & ~bit, Leaves = Removed(node.Leaves, Place(node.LeafBits, bit)),
            };
        var place = Place(node.ChildBits, bit);
        var child = Without(node.Children[place], key, hash, shift + Bits);
        if (child is not { ChildBits: 0, Leaves: [var last] })
            return node with { Children = Replaced(node.Children, place, child) };
        // A node for one item would stay for ever.
        return new Node(
            node.LeafBits | bit, node.ChildBits & ~bit,
            Inserted(node.Leaves, Place(node.LeafBits, bit), last), Removed(node.Children, place));
    }

    private static T[] Replaced<T>(T[] all, int place, T item)
    {
        var copy = (T[])all.Clone();
        copy[place] = item;
        return copy;
    }

    private static T[] Inserted<T>(T[] all, int place, T item) => [.. all.AsSpan(0, place), item, .. all.AsSpan(place)];

    private static T[] Removed<T>(T[] all, int place) => [.. all.AsSpan(0, place), .. all.AsSpan(place + 1)];

    // Bits say which of the 32 places are taken; the arrays have only these.
    private sealed record Node(uint LeafBits, uint ChildBits, TItem[] Leaves, Node[] Children)
    {
        public static readonly Node Empty = new(0, 0, [], []);
    }
}

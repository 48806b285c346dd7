using System.Numerics;
using System.Runtime.CompilerServices;
using Aedile.Client.Model;

namespace Aedile.Grains.Model;

/// <summary>An entity, and its digest, which is not computed twice.</summary>
internal readonly record struct HeldEntity(Entity Entity, UInt128 Digest);

/// <summary>
/// Entities by key, persistent: a map stays as it is, a changed one shares nearly all with it. A trie of five bits of
/// the key's hash a level (Bagwell, "Ideal Hash Trees", 2001). Cost of a look-up: about log32 of the entities, one
/// cache line a level; of a change: that many small arrays copied.
/// </summary>
internal sealed class EntityMap
{
    private const int Bits = 5;

    private readonly uint _mask;
    private readonly Node _root;

    private EntityMap(uint mask, Node root, int count)
    {
        _mask = mask;
        _root = root;
        Count = count;
    }

    /// <summary>Without entities.</summary>
    public static EntityMap Empty { get; } = new(uint.MaxValue, Node.Empty, 0);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>One without entities that uses these bits of hashes only.</summary>
    public static EntityMap EmptyOf(uint mask) => new(mask, Node.Empty, 0);

    /// <summary>Finds an entity; the default value when there is none.</summary>
    public HeldEntity Find(EntityKey key)
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

            if ((node.LeafBits & bit) == 0) return default;
            ref readonly var leaf = ref node.Leaves[Place(node.LeafBits, bit)];
            return IsOf(leaf, key) ? leaf : default;
        }

        // All bits are used up: these have equal hashes.
        foreach (ref readonly var leaf in node.Leaves.AsSpan())
        {
            if (IsOf(leaf, key)) return leaf;
        }

        return default;
    }

    /// <summary>With an entity, in place of that of the same key.</summary>
    public EntityMap With(HeldEntity held)
    {
        var isNew = true;
        var root = With(_root, held, HashOf(held.Entity.Key), 0, ref isNew);
        return new EntityMap(_mask, root, isNew ? Count + 1 : Count);
    }

    /// <summary>Without an entity; the same map when it isn't there.</summary>
    public EntityMap Without(EntityKey key) => Find(key).Entity is null
        ? this : new EntityMap(_mask, Without(_root, key, HashOf(key), 0), Count - 1);

    private static bool IsOf(in HeldEntity leaf, EntityKey key) =>
        leaf.Entity.Id.Value == key.Id.Value && ReferenceEquals(leaf.Entity.Kind, key.Kind);

    private static int Place(uint bits, uint bit) => BitOperations.PopCount(bits & (bit - 1));

    private static uint BitOf(uint hash, int shift) => 1u << (int)((hash >> shift) & 31);

    // Hashes of text differ from process to process: nobody can choose keys that collide.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint HashOf(EntityKey key) =>
        ((uint)key.Id.Value.GetHashCode(StringComparison.Ordinal)
        ^ ((uint)RuntimeHelpers.GetHashCode(key.Kind) * 0x9E3779B9u)) & _mask;

    private Node With(Node node, HeldEntity held, uint hash, int shift, ref bool isNew)
    {
        if (shift >= 32)
        {
            var same = Array.FindIndex(node.Leaves, leaf => IsOf(leaf, held.Entity.Key));
            isNew = same < 0;
            return node with { Leaves = isNew ? [.. node.Leaves, held] : Replaced(node.Leaves, same, held) };
        }

        var bit = BitOf(hash, shift);
        if ((node.ChildBits & bit) != 0)
        {
            var child = Place(node.ChildBits, bit);
            var changed = With(node.Children[child], held, hash, shift + Bits, ref isNew);
            return node with { Children = Replaced(node.Children, child, changed) };
        }

        var place = Place(node.LeafBits, bit);
        if ((node.LeafBits & bit) == 0)
            return node with { LeafBits = node.LeafBits | bit, Leaves = Inserted(node.Leaves, place, held) };
        var there = node.Leaves[place];
        if (IsOf(there, held.Entity.Key))
        {
            isNew = false;
            return node with { Leaves = Replaced(node.Leaves, place, held) };
        }

        var below = With(Node.Empty, there, HashOf(there.Entity.Key), shift + Bits, ref isNew);
        below = With(below, held, hash, shift + Bits, ref isNew);
        return new Node(
            node.LeafBits & ~bit, node.ChildBits | bit, Removed(node.Leaves, place),
            Inserted(node.Children, Place(node.ChildBits, bit), below));
    }

    private static Node Without(Node node, EntityKey key, uint hash, int shift)
    {
        if (shift >= 32)
            return node with { Leaves = Removed(node.Leaves, Array.FindIndex(node.Leaves, leaf => IsOf(leaf, key))) };
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
        // A node for one entity would stay for ever.
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
    private sealed record Node(uint LeafBits, uint ChildBits, HeldEntity[] Leaves, Node[] Children)
    {
        public static readonly Node Empty = new(0, 0, [], []);
    }
}

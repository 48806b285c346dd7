using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Model;

namespace Aedile.Tests.Model;

/// <summary>Goal: the persistent map behaves as a dictionary does, whatever the hashes of its keys.</summary>
public sealed class PersistentMapTests
{
    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(0xF000_0007u)]
    [InlineData(0x0000_0003u)]
    [InlineData(0u)]
    public void It_holds_what_a_dictionary_holds_after_random_changes(uint hashMask)
    {
        var chance = new Random(1);
        var map = PersistentMap<EntityKey, HeldEntity>.From([], hashMask);
        var expected = new Dictionary<EntityKey, HeldEntity>();
        for (var turn = 0; turn < 3_000; turn++)
        {
            var held = new HeldEntity(Node(chance.Next(200), version: turn), (UInt128)turn);
            if (chance.Next(3) == 0)
            {
                map = map.Without(held.Entity.Key);
                expected.Remove(held.Entity.Key);
            }
            else
            {
                map = map.With(held);
                expected[held.Entity.Key] = held;
            }

            Assert.Equal(expected.Count, map.Count);
            if (turn % 100 != 0) continue;
            MustHold(map, expected);
            MustHold(PersistentMap<EntityKey, HeldEntity>.From(expected.Values, hashMask), expected);
        }

        // One that was made of them all can be changed like any other.
        map = PersistentMap<EntityKey, HeldEntity>.From(expected.Values, hashMask);
        Assert.Throws<InvalidDataException>(() => PersistentMap<EntityKey, HeldEntity>.From(
            [.. expected.Values, expected.Values.First()], hashMask));

        foreach (var key in expected.Keys.ToList())
        {
            map = map.Without(key);
            expected.Remove(key);
            Assert.False(map.Contains(key));
        }

        Assert.Equal(0, map.Count);
    }

    [Fact]
    public void A_change_leaves_the_map_as_it_was()
    {
        var (first, second) = (new HeldEntity(Node(1, 1), 1), new HeldEntity(Node(1, 2), 2));
        var before = PersistentMap<EntityKey, HeldEntity>.Empty.With(first);
        var changed = before.With(second);
        var removed = before.Without(first.Entity.Key);
        Assert.Equal(first, before.Find(first.Entity.Key));
        Assert.Equal(second, changed.Find(first.Entity.Key));
        Assert.Equal(0, removed.Count);
        Assert.Same(removed, removed.Without(first.Entity.Key));
    }

    [Fact]
    public void Equal_ids_of_two_kinds_are_two_keys()
    {
        var node = new HeldEntity(Node(1, 1), 1);
        var map = PersistentMap<EntityKey, HeldEntity>.Empty.With(node);
        Assert.False(map.Contains(EntityKey.Of<RoleSpec>(node.Entity.Id)));
    }

    private static void MustHold(PersistentMap<EntityKey, HeldEntity> map, Dictionary<EntityKey, HeldEntity> expected)
    {
        for (var i = 0; i < 200; i++)
        {
            var key = Node(i, 0).Key;
            if (expected.TryGetValue(key, out var held)) Assert.Equal(held, map.Find(key));
            else Assert.False(map.Contains(key));
        }
    }

    private static Entity Node(int number, long version)
    {
        var id = EntityId.Parse($"node-{number}");
        return new Entity(
            EntityKind.Of<NodeSpec>(), id, id.Value, default, default, version, Entity.NoTags, new NodeSpec([]));
    }
}

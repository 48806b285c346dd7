using System.Collections.Immutable;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Copies;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Model;

namespace Aedile.Tests.Model.Copies;

/// <summary>A replica, and random entries over all kinds that agents see, or must not see.</summary>
internal sealed class CopyHistory
{
    /// <summary>Stands in every secret; must stand in no copy.</summary>
    public const string Secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQ";

    private static readonly ImmutableArray<NodeName> Nodes =
        [.. Enumerable.Range(1, 4).Select(i => NodeName.Parse($"n{i}"))];

    private readonly Random _chance;
    private readonly MemoryJournal _journal = new();

    public CopyHistory(int seed, TimeProvider clock)
    {
        _chance = new Random(seed);
        Replica = new ModelReplica(_journal, clock);
        Replica.Load(ModelState.Empty("t1"));
    }

    public ModelReplica Replica { get; }

    public ModelState State => Replica.Current;

    /// <summary>A random transaction.</summary>
    public void Change()
    {
        var state = State;
        var index = state.Index + 1;
        var changes = new Dictionary<EntityKey, EntityChange>();
        for (var i = _chance.Next(1, 4); i > 0; i--)
        {
            var wanted = Draw(index);
            var before = state.Find(wanted.Key);
            var after = before is not null && _chance.Next(3) == 0 ? null : wanted;
            changes[wanted.Key] = new EntityChange(before, after);
        }

        Append([.. changes.Values]);
    }

    /// <summary>A transaction that changes these.</summary>
    public void Append(params ImmutableArray<EntityChange> changes)
    {
        var content = JsonSerializer.Serialize(
            new JournalEntry(State.Index + 1, Commands.Now, "root", default, null, "h", changes), Wire.Json);
        Replica.Offer([new ModelEntry(State.Index + 1, content, ModelDigests.Next(State.Digest, content))]);
    }

    /// <summary>The journal is another one: the replica begins anew.</summary>
    public void Restore(string timeline, long index) =>
        Replica.Load(ModelState.Load(
            ModelState.Empty(timeline) with { Index = index }, EntityKinds.All.SelectMany(State.List).ToList()));

    /// <summary>An entity.</summary>
    public static Entity Make(EntitySpec spec, EntityKind kind, string id, long version) => new(
        kind, EntityId.Parse(id), id, Commands.Now, Commands.Now, version,
        Entity.NoTags.Add("note", "ü \"quoted\" <tag>"), spec);

    /// <summary>The copy of a scope by the definition: each entity that is in it, as it is shown.</summary>
    public static ModelCopy Project(ModelState state, CopyScope scope) => ModelCopy.Empty.With(
        from kind in EntityKinds.All
        from entity in state.List(kind)
        where CopyRules.PartsOf(entity).Intersect(scope.Parts).Any()
        select CopyRules.Copy(entity), []).At(state.Timeline, state.Index);

    private Entity Draw(long index)
    {
        var id = $"e{_chance.Next(6)}";
        return _chance.Next(9) switch
        {
            0 => Make(new NodeSpec([$"a{_chance.Next(3)}"]), EntityKind.Of<NodeSpec>(), Pick().Value, index),
            1 => Make(
                new VirtualStorageSpec(_chance.Next(1, 4), [RoleSelector.Everything]),
                EntityKind.Of<VirtualStorageSpec>(), id, index),
            2 or 3 or 4 => Make(
                new RepositorySpec(
                    EntityId.Parse("s"), RepositoryPath.Parse($"p/{id}"), "refs/heads/main",
                    [.. Enumerable.Range(0, _chance.Next(1, 4)).Select(_ => Pick()).Distinct()],
                    RepositoryStage.Active), EntityKind.Of<RepositorySpec>(), id, index),
            5 => Make(DrawIdentity(), EntityKind.Of<IdentitySpec>(), id, index),
            6 => Make(
                new RoleSpec([Permission.Parse("nodes:read")]), EntityKind.Of<RoleSpec>(), id, index),
            7 => Make(
                new AuthenticatorSpec(
                    EntityId.Parse("e1"), Enrolment: new EnrolmentProof(Secret, Commands.Now.AddDays(1))),
                EntityKind.Of<AuthenticatorSpec>(), id, index),
            _ => Make(
                new RevocationSpec(
                    Commands.Now.AddDays(_chance.Next(3)), Identity: EntityId.Parse("e1"), IssuedBefore: Commands.Now),
                EntityKind.Of<RevocationSpec>(), id, index),
        };
    }

    // A change of type moves it into the copies, or out of them.
    private IdentitySpec DrawIdentity() => _chance.Next(3) switch
    {
        0 => new IdentitySpec(
            IdentityType.Person, [], [Secret.ToLowerInvariant()], External: new(EntityId.Parse("x"), Secret)),
        1 => new IdentitySpec(IdentityType.Agent, [], [], Node: Pick()),
        _ => new IdentitySpec(
            IdentityType.Silo, [EntityId.Parse($"e{_chance.Next(6)}")], [Secret.ToLowerInvariant()],
            External: new(EntityId.Parse("x"), Secret)),
    };

    private NodeName Pick() => Nodes[_chance.Next(Nodes.Length)];
}

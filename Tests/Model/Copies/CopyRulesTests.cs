using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Copies;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Model.Copies;
using Aedile.Tests.Support;

namespace Aedile.Tests.Model.Copies;

/// <summary>
/// Goal: a copy that follows changes is what the model's newest state projects to, digest included, and no secret is in
/// it.
/// </summary>
public sealed class CopyRulesTests
{
    private static readonly CopyScope Storage = CopyScope.Of(NodeName.Parse("n1"), ["storage"]);
    private static readonly CopyScope Bare = CopyScope.Of(NodeName.Parse("n2"), ["router"]);

    private readonly ManualTime _clock = new(Commands.Now);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Applying_projected_changes_is_projecting_the_new_state(int seed)
    {
        var history = new CopyHistory(seed, _clock);
        var feed = new CopyFeed(history.Replica);
        var chance = new Random(seed);
        (CopyScope Scope, ModelCopy Copy)[] agents =
            [(Storage, ModelCopy.Empty), (CopyScope.Of(NodeName.Parse("n3"), ["storage"]), ModelCopy.Empty),
                (Bare, ModelCopy.Empty)];
        for (var i = 0; i < 400; i++)
        {
            history.Change();
            for (var agent = 0; agent < agents.Length; agent++)
            {
                // Some look often, others hardly ever.
                if (chance.Next(1 + 5 * agent) > 0) continue;
                ref var one = ref agents[agent];
                one.Copy = Follow(feed, one.Scope, one.Copy);
                MustBeEqual(CopyHistory.Project(history.State, one.Scope), one.Copy);
            }
        }

        Assert.All(agents, agent => Assert.True(agent.Copy.Count > 3, $"{agent.Copy.Count} entities"));
        Assert.NotEqual(agents[0].Copy.Digest, agents[1].Copy.Digest);
    }

    [Fact]
    public void Each_kind_that_agents_get_is_named_here()
    {
        var kinds = new HashSet<string>();
        var history = new CopyHistory(1, _clock);
        for (var i = 0; i < 500; i++) history.Change();
        foreach (var entity in EntityKinds.All.SelectMany(history.State.List))
        {
            if (CopyRules.PartsOf(entity).Length > 0) kinds.Add(entity.Kind.Name);
        }

        Assert.Equal(["identity", "node", "repository", "revocation", "role", "virtual-storage"], kinds.Order());
        Assert.NotEmpty(history.State.List(EntityKind.Of<AuthenticatorSpec>()));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void No_secret_and_no_person_is_in_a_copy(int seed)
    {
        var history = new CopyHistory(seed, _clock);
        var feed = new CopyFeed(history.Replica);
        var copy = ModelCopy.Empty;
        for (var i = 0; i < 300; i++)
        {
            history.Change();
            copy = Follow(feed, Storage, copy);
            foreach (var entity in copy.All)
            {
                Assert.DoesNotContain(CopyHistory.Secret, entity.Text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("\"person\"", entity.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void An_agent_has_the_repositories_of_its_own_node_only()
    {
        var history = new CopyHistory(3, _clock);
        for (var i = 0; i < 200; i++) history.Change();
        var copy = CopyHistory.Project(history.State, Storage);
        var repositories = copy.List(EntityKind.Of<RepositorySpec>()).Select(e => (RepositorySpec)e.Spec).ToList();
        Assert.NotEmpty(repositories);
        Assert.All(repositories, one => Assert.Contains(NodeName.Parse("n1"), one.Nodes));
        Assert.Equal("n1", Assert.Single(copy.List(EntityKind.Of<NodeSpec>())).Id.Value);
        var bare = CopyHistory.Project(history.State, Bare);
        Assert.Empty(bare.List(EntityKind.Of<RepositorySpec>()));
        Assert.Empty(bare.List(EntityKind.Of<VirtualStorageSpec>()));
        Assert.NotEmpty(bare.List(EntityKind.Of<RoleSpec>()));
    }

    [Fact]
    public void An_entity_of_a_newer_silo_is_kept_though_it_can_not_be_read()
    {
        var text = """{"kind":"instance","id":"i1","size":12.50}""";
        var copied = System.Text.Json.JsonSerializer.Deserialize<CopiedEntity>(text, Client.Wire.Json)!;
        var copy = ModelCopy.Empty.With([copied], []);
        Assert.Equal((1, 1, copied.Digest()), (copy.Count, copy.Unreadable, copy.Digest));
        Assert.Equal(text, copy.All.Single().Text);
        Assert.Equal((0, 0, UInt128.Zero), Of(copy.With([], ["instance/i1"])));

        static (int Count, int Unreadable, UInt128 Digest) Of(ModelCopy copy) =>
            (copy.Count, copy.Unreadable, copy.Digest);
    }

    private static ModelCopy Follow(CopyFeed feed, CopyScope scope, ModelCopy copy)
    {
        if (feed.Read(scope, copy.Point) is not { } step) return copy;
        var whole = step.Whole is not null;
        var next = whole
            ? CopyHistory.Project(step.Whole!, scope)
            : copy.With(
                step.Changed.Values.OfType<CopiedEntity>(),
                step.Changed.Where(one => one.Value is null).Select(one => one.Key));
        next = next.At(step.End.Timeline, step.End.Index);
        Assert.Equal(step.End, next.Point);
        return next;
    }

    private static void MustBeEqual(ModelCopy expected, ModelCopy actual)
    {
        Assert.Equal(expected.Point, actual.Point);
        Assert.Equal(expected.All, actual.All);
    }
}

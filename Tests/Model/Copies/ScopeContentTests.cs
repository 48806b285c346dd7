using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Copies;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Model.Copies;
using Aedile.Tests.Support;

namespace Aedile.Tests.Model.Copies;

/// <summary>Goal: what is looked for in short cuts is what the parts say.</summary>
public sealed class ScopeContentTests
{
    [Fact]
    public void It_is_each_entity_that_is_in_a_part_of_the_scope_once_and_by_kind()
    {
        var seed = Seed.Take();
        var history = new CopyHistory(seed.Value, new ManualTime(Commands.Now));
        CopyScope[] scopes =
        [
            .. Enumerable.Range(1, 5).Select(i => CopyScope.Of(NodeName.Parse($"n{i}"), ["storage"])),
            CopyScope.Of(NodeName.Parse("n1"), ["router"]), new([CopyPart.Trust]), new([]),
        ];
        for (var i = 0; i < 300; i++)
        {
            history.Change();
            foreach (var scope in scopes)
            {
                var content = ScopeContent.Of(history.State, scope).ToList();
                Assert.Equal(content.Count, content.Select(entity => entity.Key).Distinct().Count());
                Assert.Equal(content.OrderBy(entity => entity.Kind).Select(e => e.Kind), content.Select(e => e.Kind));
                Assert.Equal(
                    CopyHistory.Project(history.State, scope).Point,
                    ModelCopy.Empty.With(content.Select(CopyRules.Copy), [])
                        .At(history.State.Timeline, history.State.Index).Point);
            }
        }
    }

    [Fact]
    public void A_repository_is_in_the_copies_of_its_nodes_alone()
    {
        var history = new CopyHistory(1, new ManualTime(Commands.Now));
        history.Append(new EntityChange(null, CopyHistory.Make(
            new RepositorySpec(
                EntityId.Parse("s"), Client.Repositories.RepositoryPath.Parse("p"), "refs/heads/main",
                [NodeName.Parse("n2"), NodeName.Parse("n3")], RepositoryStage.Active),
            EntityKind.Of<RepositorySpec>(), "r", 1)));
        bool[] has = [.. Enumerable.Range(1, 4).Select(i => ScopeContent.Of(
            history.State, CopyScope.Of(NodeName.Parse($"n{i}"), ["storage"])).Any())];
        Assert.Equal([false, true, true, false], has);
        Assert.Empty(ScopeContent.Of(history.State, CopyScope.Of(NodeName.Parse("n2"), ["router"])));
    }
}

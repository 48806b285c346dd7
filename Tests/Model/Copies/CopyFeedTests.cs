using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Copies;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Model.Copies;
using Aedile.Tests.Support;

namespace Aedile.Tests.Model.Copies;

/// <summary>Goal: an agent gets what it lacks and no more, however far behind it is, or of which history.</summary>
public sealed class CopyFeedTests
{
    private static readonly CopyScope Scope = CopyScope.Of(NodeName.Parse("n1"), ["storage"]);

    private readonly CopyHistory _history = new(1, new ManualTime(Commands.Now));
    private readonly CopyFeed _feed;

    public CopyFeedTests() => _feed = new CopyFeed(_history.Replica);

    private static EntityKind Nodes => EntityKind.Of<NodeSpec>();

    private void ChangeNode(string id) => _history.Append(new EntityChange(
        _history.State.Find(new EntityKey(Nodes, EntityId.Parse(id))),
        CopyHistory.Make(new NodeSpec([]), Nodes, id, _history.State.Index + 1)));

    [Fact]
    public void What_is_behind_the_kept_entries_is_sent_whole_unless_it_has_the_digest()
    {
        ChangeNode("n1");
        var has = _feed.Stand(Scope);
        for (var i = 0; i < CopyFeed.EntriesMax; i++) ChangeNode("n2");
        Assert.Empty(_feed.Read(Scope, has)!.Changed);
        Assert.Null(_feed.Read(Scope, has)!.Whole);
        ChangeNode("n2");
        // Now its entry is no longer kept, but nothing of it has changed.
        var same = _feed.Read(Scope, has)!;
        Assert.Equal((null, _history.State.Index), (same.Whole, same.End.Index));
        Assert.Same(_history.State, _feed.Read(Scope, has with { Digest = "other" })!.Whole);
        ChangeNode("n1");
        Assert.Same(_history.State, _feed.Read(Scope, has)!.Whole);
    }

    [Fact]
    public void What_all_agents_have_is_written_once_and_anew_when_it_changes()
    {
        var role = CopyHistory.Make(new RoleSpec([Permission.Parse("nodes:read")]), EntityKind.Of<RoleSpec>(), "r", 1);
        var own = CopyHistory.Make(new NodeSpec([]), Nodes, "n1", 1);
        Assert.Same(_feed.Copy(role), _feed.Copy(role));
        Assert.Equal(CopyRules.Copy(role with { Version = 2 }), _feed.Copy(role with { Version = 2 }));
        // What one agent has is not kept for it.
        Assert.NotSame(_feed.Copy(own), _feed.Copy(own));
        Assert.Equal(CopyRules.Copy(own), _feed.Copy(own));
    }

    [Fact]
    public void An_entity_that_a_transaction_changes_more_than_once_counts_as_it_came_out()
    {
        var (one, two) = (CopyHistory.Make(new NodeSpec([]), Nodes, "n1", 1), CopyHistory.Make(
            new NodeSpec(["ssd"]), Nodes, "n1", 1));
        _history.Append(new EntityChange(null, one), new EntityChange(one, two));
        MustStandAsProjected();
        _history.Append(new EntityChange(two, null), new EntityChange(null, one));
        MustStandAsProjected();
        _history.Append(new EntityChange(one, null), new EntityChange(null, two), new EntityChange(two, null));
        MustStandAsProjected();
        Assert.Empty(_history.State.List(Nodes));
    }

    [Fact]
    public void Many_large_entries_push_old_ones_out_and_none_is_missed()
    {
        var copy = ModelCopy.Empty.At("t1", 0);
        for (var i = 0; i < 300; i++)
        {
            // 250 entities for 4 nodes each: 1,000 items.
            _history.Append(
            [
                .. Enumerable.Range(0, 250).Select(n => CopyHistory.Make(
                    new RepositorySpec(
                        EntityId.Parse("s"), Client.Repositories.RepositoryPath.Parse($"p/{i}"), "refs/heads/main",
                        [.. Enumerable.Range(1, 4).Select(node => NodeName.Parse($"n{node}"))],
                        RepositoryStage.Active), EntityKind.Of<RepositorySpec>(), $"r{i}-{n}", i + 1))
                    .Select(entity => new EntityChange(null, entity)),
            ]);
            if (i != 200) continue;
            copy = CopyHistory.Project(_history.State, Scope);
        }

        Assert.NotNull(_feed.Read(Scope, copy.Point)!.Whole);
        Assert.Null(_feed.Read(Scope, copy.Point with { Index = 280 })!.Whole);
        Assert.Equal(20 * 250, _feed.Read(Scope, copy.Point with { Index = 280 })!.Changed.Count);
    }

    [Fact]
    public void A_copy_of_another_history_is_sent_whole_and_one_that_is_ahead_waits()
    {
        ChangeNode("n1");
        var here = _feed.Stand(Scope);
        Assert.Null(_feed.Read(Scope, here));
        Assert.Null(_feed.Read(Scope, here with { Index = 9, Digest = "later" }));
        Assert.NotNull(_feed.Read(Scope, here with { Timeline = "t0" })!.Whole);
        Assert.NotNull(_feed.Read(Scope, CopyPoint.Nothing)!.Whole);
        Assert.NotNull(_feed.Read(Scope, here with { Digest = "wrong" })!.Whole);
        _history.Restore("t2", 5);
        Assert.NotNull(_feed.Read(Scope, here)!.Whole);
        Assert.Equal(("t2", 5L, here.Digest), Of(_feed.Stand(Scope)));

        static (string Timeline, long Index, string Digest) Of(CopyPoint point) =>
            (point.Timeline, point.Index, point.Digest);
    }

    [Fact]
    public void Only_sessions_whose_parts_change_are_woken()
    {
        var (mine, other) = (0, 0);
        var first = _feed.Watch(Scope, () => mine++);
        using var second = _feed.Watch(CopyScope.Of(NodeName.Parse("n2"), []), () => other++);
        ChangeNode("n1");
        Assert.Equal((1, 0), (mine, other));
        ChangeNode("n2");
        Assert.Equal((1, 1), (mine, other));
        first.Dispose();
        _history.Append(new EntityChange(null, CopyHistory.Make(
            new RoleSpec([Client.Identity.Permission.Parse("nodes:read")]), EntityKind.Of<RoleSpec>(), "r", 3)));
        Assert.Equal((1, 2), (mine, other));
        _history.Restore("t2", 5);
        Assert.Equal((1, 3), (mine, other));
    }

    [Fact]
    public void A_feed_that_begins_late_stands_where_the_replica_stands()
    {
        for (var i = 0; i < 50; i++) _history.Change();
        Assert.Equal(_feed.Stand(Scope), new CopyFeed(_history.Replica).Stand(Scope));
        MustStandAsProjected();
    }

    private void MustStandAsProjected() => Assert.Equal(
        CopyHistory.Project(_history.State, Scope).Point, _feed.Stand(Scope) with { AgeMs = 0 });
}

using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model;

/// <summary>Goal: a command makes all of its changes or none; a refusal says which rule it breaks, and where.</summary>
public sealed class CommandRulesTests
{
    [Fact]
    public void A_created_entity_has_its_index_as_version_and_the_time_of_the_decision()
    {
        var state = After(Empty, Of(Node("n1", "ssd")));
        var node = Find(state, "node", "n1");
        Assert.Equal(("n1", 1L, Now, Now), (node.Name, node.Version, node.CreatedAt, node.UpdatedAt));
        Assert.Equal(["ssd"], NodeSpecOf(state, "n1").Attributes);
        Assert.Equal((1L, 1), (state.Index, state.Count));
    }

    [Fact]
    public void An_id_that_is_left_to_the_model_is_the_same_when_the_command_comes_again()
    {
        var command = Of(Create("node", null, """{"spec":{"attributes":[]}}"""));
        var (one, other) = (After(Empty, command), After(After(Empty, Of(VirtualStorage("s", "#all"))), command));
        var id = Assert.Single(one.List(EntityKinds.Find("node")!)).Id;
        Assert.Equal(id, Assert.Single(other.List(EntityKinds.Find("node")!)).Id);
        Assert.Matches("^[0-9a-f]{32}$", id.Value);
    }

    [Fact]
    public void A_patch_merges_and_a_null_takes_away()
    {
        var state = After(Empty, Of(Node("n1", "ssd")));
        state = After(state, Of(Patch("node", "n1", """{"tags":{"zone":"a","rack":"7"}}""")));
        state = After(state, Of(Patch("node", "n1", """{"tags":{"rack":null},"spec":{"isDrained":true}}""")));
        var node = Find(state, "node", "n1");
        Assert.Equal("zone=a", string.Join(',', node.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
        Assert.True(NodeSpecOf(state, "n1").IsDrained);
        Assert.Equal(["ssd"], NodeSpecOf(state, "n1").Attributes);
        Assert.Equal((3L, Now), (node.Version, node.CreatedAt));
    }

    [Fact]
    public void An_update_replaces_everything_but_id_and_creation()
    {
        var state = After(Empty, Of(Node("n1", "ssd")), Of(Patch("node", "n1", """{"tags":{"a":"b"}}""")));
        state = After(state, Of(Update("node", "n1", """{"spec":{"attributes":["hdd"]}}""", version: 2)));
        Assert.Empty(Find(state, "node", "n1").Tags);
        Assert.Equal(["hdd"], NodeSpecOf(state, "n1").Attributes);
    }

    [Fact]
    public void A_transaction_is_made_whole_or_not_at_all()
    {
        var state = After(Empty, Of(Node("n1"), Node("n2"), VirtualStorage("s", "@n1", "@n2")));
        Assert.Equal((1L, 3), (state.Index, state.Count));
        var refusal = Refusal(state, Node("n3"), Node("n3"));
        Assert.Equal((WriteRule.IdTaken, 1), (refusal.Rule, refusal.Change));
        Assert.Null(state.FindByName(EntityKinds.Find("node")!, "n3"));
    }

    [Theory]
    [InlineData("hose", "n1", "{}", WriteRule.Kind, "kind")]
    [InlineData("node", "-", "{}", WriteRule.Value, "id")]
    [InlineData("node", "n1", "", WriteRule.Body, null)]
    [InlineData("node", "n1", "{", WriteRule.Body, null)]
    [InlineData("node", "n1", "[]", WriteRule.FieldType, null)]
    [InlineData("node", "n1", "{}", WriteRule.MissingField, "spec")]
    [InlineData("node", "n1", """{"spec":null}""", WriteRule.FieldType, "spec")]
    [InlineData("node", "n1", """{"spec":{}}""", WriteRule.MissingField, "spec.attributes")]
    [InlineData("node", "n1", """{"spec":{"attributes":[],"colour":1}}""", WriteRule.UnknownField, "spec.colour")]
    [InlineData("node", "n1", """{"spec":{"attributes":[]},"id":"n1"}""", WriteRule.UnknownField, "id")]
    [InlineData("node", "n1", """{"spec":{"attributes":"ssd"}}""", WriteRule.FieldType, "spec.attributes")]
    [InlineData("node", "n1", """{"spec":{"attributes":[7]}}""", WriteRule.FieldType, "spec.attributes[0]")]
    [InlineData("node", "n1", """{"spec":{"attributes":[null]}}""", WriteRule.FieldType, "spec.attributes[0]")]
    [InlineData("node", "n1", """{"spec":{"attributes":null}}""", WriteRule.FieldType, "spec.attributes")]
    [InlineData("node", "n1", """{"spec":{"attributes":["a","a"]}}""", WriteRule.Value, "spec.attributes[1]")]
    [InlineData("node", "n1", """{"spec":{"attributes":["all"]}}""", WriteRule.Value, "spec.attributes[0]")]
    [InlineData("node", "n1", """{"spec":{"attributes":[],"isDrained":"no"}}""", WriteRule.FieldType, "spec.isDrained")]
    [InlineData("node", "n1", """{"spec":{"attributes":[]},"tags":{"a":1}}""", WriteRule.FieldType, "tags.a")]
    [InlineData("node", "n1", """{"spec":{"attributes":[]},"name":"x"}""", WriteRule.Value, "name")]
    [InlineData("virtual-storage", "s", """{"spec":{"replicationFactor":0,"nodes":["#all"]}}""", WriteRule.Value,
        "spec.replicationFactor")]
    [InlineData("virtual-storage", "s", """{"spec":{"replicationFactor":"3","nodes":["#all"]}}""", WriteRule.FieldType,
        "spec.replicationFactor")]
    [InlineData("virtual-storage", "s", """{"spec":{"replicationFactor":3,"nodes":["n1"]}}""", WriteRule.FieldType,
        "spec.nodes[0]")]
    [InlineData("virtual-storage", "s", """{"spec":{"replicationFactor":3,"nodes":["@n9"]}}""", WriteRule.Reference,
        "spec.nodes[0]")]
    [InlineData("virtual-storage", "s", """{"spec":{"replicationFactor":3,"nodes":["#a"],"semantic":"some"}}""",
        WriteRule.FieldType, "spec.semantic")]
    public void What_is_wrong_is_said_with_its_field(string kind, string id, string body, WriteRule rule, string? field)
    {
        var refusal = Refusal(Empty, Create(kind, id, body));
        Assert.Equal((rule, field), (refusal.Rule, refusal.Field));
    }

    [Fact]
    public void A_stale_version_is_refused_and_the_present_one_named()
    {
        var state = After(Empty, Of(Node("n1")), Of(Patch("node", "n1", "{}")));
        var refusal = Refusal(state, Delete("node", "n1", version: 1));
        Assert.Equal(WriteRule.Version, refusal.Rule);
        Assert.Contains("version 2", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_refer_to_can_not_be_deleted_but_with_them()
    {
        var state = After(Empty, Of(Node("n1"), VirtualStorage("s", "@n1")));
        Assert.Equal(WriteRule.Referenced, Refusal(state, Delete("node", "n1")).Rule);
        Assert.Equal(0, After(state, Of(Delete("node", "n1"), Delete("virtual-storage", "s"))).Count);
        state = After(state, Of(Delete("virtual-storage", "s")), Of(Delete("node", "n1")));
        Assert.Equal(WriteRule.NotFound, Refusal(state, Delete("node", "n1")).Rule);
    }

    [Fact]
    public void A_command_without_a_key_is_known_by_its_id()
    {
        var command = Of(Node("n1"));
        var again = Assert.IsType<Decision.Answer>(Decide(After(Empty, command), command)).Reply;
        Assert.Equal((WriteOutcome.Written, 1L), (again.Outcome, again.Index));
    }

    [Fact]
    public void A_command_that_comes_again_has_the_answer_of_the_first_and_writes_nothing()
    {
        var command = Of(Node("n1")) with { Key = "k" };
        var state = After(Empty, command);
        var again = Assert.IsType<Decision.Answer>(Decide(state, command with { Id = Guid.Empty })).Reply;
        Assert.Equal((WriteOutcome.Written, 1L), (again.Outcome, again.Index));
        Assert.Equal([new ChangedEntity("node", "n1")], again.Changed);
        var other = Assert.IsType<Decision.Answer>(Decide(state, Of(Node("n2")) with { Key = "k" })).Reply;
        Assert.Equal(WriteRule.Key, other.Refusal!.Rule);
        Assert.IsType<Decision.Append>(Decide(state, Of(Node("n2")) with { Key = "k", Actor = "another" }));
    }

    [Fact]
    public void A_key_is_forgotten_after_a_day()
    {
        var command = Of(Node("n1")) with { Key = "k" };
        var state = After(Empty, command);
        var later = CommandRules.Decide(state, Of(Node("n2")), Now + TimeSpan.FromHours(25));
        var next = Assert.IsType<Decision.Append>(later).Next;
        Assert.Equal(WriteRule.IdTaken, Assert.IsType<Decision.Answer>(Decide(next, command)).Reply.Refusal!.Rule);
    }

    [Fact]
    public void Time_does_not_go_back_when_the_clock_does()
    {
        var state = After(Empty, Of(Node("n1")));
        var earlier = CommandRules.Decide(state, Of(Node("n2")), Now - TimeSpan.FromHours(1));
        Assert.Equal(Now, Assert.IsType<Decision.Append>(earlier).Next.At);
    }

    [Fact]
    public void A_transaction_that_is_empty_or_too_large_is_refused()
    {
        Assert.Equal(WriteRule.Size, Refusal(Empty).Rule);
        var many = Enumerable.Range(0, CommandRules.ChangesMax + 1).Select(i => Node($"n{i}")).ToImmutableArray();
        Assert.Equal(WriteRule.Size, Refusal(Empty, many).Rule);
        var large = $$$"""{"spec":{"attributes":[]},"tags":{"a":"{{{new string('x', BodyReader.BytesMax)}}}"}}""";
        Assert.Equal(WriteRule.Size, Refusal(Empty, Create("node", "n1", large)).Rule);
    }
}

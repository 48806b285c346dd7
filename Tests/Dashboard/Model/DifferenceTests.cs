using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.Model;

namespace Aedile.Tests.Dashboard.Model;

/// <summary>Goal: what changed is told member by member, and a patch says exactly that and nothing else.</summary>
public sealed class DifferenceTests
{
    private static readonly DateTimeOffset Then = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Difference_is_told_member_by_member_without_what_each_write_changes()
    {
        var before = Node("n1", 4, ["ssd", "fast"]);
        var after = before with
        {
            Version = 9, UpdatedAt = Then.AddDays(1), Tags = Entity.NoTags.Add("zone", "a"),
            Spec = new NodeSpec(["ssd", "big"], IsDrained: true),
        };
        Assert.Equal(
            [
                new Difference("tags.zone", null, "a"), new Difference("spec.attributes", "fast", "big"),
                new Difference("spec.isDrained", "false", "true"),
            ],
            Differences.Between(before, after));
        Assert.Empty(Differences.Between(before, before with { Version = 5 }));
    }

    [Fact]
    public void Created_and_deleted_entities_differ_in_all_that_they_say()
    {
        var node = Node("n1", 4, ["ssd"]);
        Assert.Equal(
            [
                new Difference("name", null, "n1"), new Difference("spec.attributes", null, "ssd"),
                new Difference("spec.isDrained", null, "false"),
            ],
            Differences.Between(null, node).Where(one => one.Path is not "tags"));
        Assert.Contains(new Difference("name", "n1", null), Differences.Between(node, null));
    }

    [Fact]
    public void Another_order_of_a_list_is_a_difference()
    {
        var found = Assert.Single(Differences.Between(Node("n", 1, ["a", "b"]), Node("n", 2, ["b", "a"])));
        Assert.Equal(new Difference("spec.attributes", "a, b", "b, a"), found);
    }

    [Fact]
    public void Secret_never_shows_in_a_difference()
    {
        var proof = new PasswordProof(new PasswordHash("pbkdf2-sha512", 210_000, "salt", "value"));
        var spec = new AuthenticatorSpec(EntityId.Parse("anna"), Password: proof);
        var before = new Entity(
            EntityKind.Of<AuthenticatorSpec>(), EntityId.Parse("a"), "a", Then, Then, 1, Entity.NoTags, spec);
        var after = before with
        {
            Spec = spec with { Password = proof with { Hash = proof.Hash! with { Value = "other" }, Locks = 2 } },
        };
        Assert.Equal([new Difference("spec.password.locks", "0", "2")], Differences.Between(before, after));
        Assert.DoesNotContain("salt", JsonSerializer.Serialize(Differences.Between(null, before), Wire.Json),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1,"b":{"c":2,"d":[1]}}""", """{"a":1,"b":{"c":3,"d":[1]}}""", """{"b":{"c":3}}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", """{"b":null}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[2]}""", """{"a":[2]}""")]
    [InlineData("""{"a":null}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":null}""", """{"a":null}""")]
    [InlineData("""{"a":1}""", """{"a":1}""", "{}")]
    public void Patch_has_what_differs_and_leads_there(string before, string after, string patch)
    {
        var (from, to) = (Parse(before), Parse(after));
        var made = MergePatch.Between(from, to);
        Assert.Equal(patch, made.ToJsonString());
        Assert.Empty(MergePatch.Between(MergePatch.Apply(from, made), to));
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static Entity Node(string id, long version, string[] attributes) => new(
        EntityKind.Of<NodeSpec>(), EntityId.Parse(id), id, Then, Then, version, Entity.NoTags,
        new NodeSpec([.. attributes]));
}

using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Model;
using Aedile.Silo.Gateway;
using Aedile.Silo.Gateway.Model.Lists;
using Aedile.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using static Aedile.Tests.Model.Lists.Entities;

namespace Aedile.Tests.Model.Lists;

/// <summary>Goal: the pages of a list are the whole list, in its order, each entity once.</summary>
public sealed class EntityListTests
{
    [Theory]
    [InlineData("name")]
    [InlineData("-name")]
    [InlineData("tags.zone")]
    [InlineData("-tags.zone,version")]
    [InlineData("spec.isDrained,-updatedAt,name")]
    [InlineData("-version")]
    public void Pages_in_any_order_are_the_whole_list(string sort)
    {
        var chance = Seed.Take().Chance;
        var nodes = Enumerable.Range(0, 60).Select(i => Node(
            $"n-{i:00}", [], chance.Next(2) == 0, chance.Next(3) == 0 ? null : $"z{chance.Next(3)}", chance.Next(5),
            chance.Next(4))).ToList();
        var state = StateOf(nodes);
        foreach (var filter in (string?[])[null, "version > 1", "name = \"none\""])
        {
            var seen = PagesOf(state, sort, filter, limit: chance.Next(1, 9));
            var wanted = nodes.Where(node => filter is null || Matches(filter, node)).ToList();
            Assert.Equal(wanted.Select(n => n.Name).Order(), seen.Select(n => n.Name).Order());
            var order = EntitySort.Parse(sort, EntityMembers.Of(Nodes)).Sort!;
            if (order.IsByName) Assert.Equal(seen.OrderBy(n => n.Name, StringComparer.Ordinal), seen);
            else Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.True(
                order.Compare(order.PlaceOf(pair.First), order.PlaceOf(pair.Second)) < 0));
        }
    }

    [Fact]
    public void Entities_without_the_value_come_first_and_last_when_descending()
    {
        var state = StateOf([Node("a", zone: "x"), Node("b"), Node("c", zone: "w")]);
        Assert.Equal(["b", "c", "a"], PagesOf(state, "tags.zone", null, 10).Select(node => node.Name));
        Assert.Equal(["a", "c", "b"], PagesOf(state, "-tags.zone", null, 10).Select(node => node.Name));
    }

    [Fact]
    public void A_page_looks_at_so_many_entities_and_the_next_one_goes_on()
    {
        var state = StateOf(Enumerable.Range(0, EntityList.LookedAtMax + 10).Select(i => Node($"n-{i:000000}")));
        var list = new EntityList(
            FilterParser.Parse("version = 2", EntityMembers.Of(Nodes)).Filter, EntitySort.ByName, 100, []);
        var part = list.Take(state, Nodes)!;
        Assert.Empty(part.Items);
        Assert.Equal(["", $"n-{EntityList.LookedAtMax - 1:000000}"], part.Next!.Value);
        Assert.Null((list with { After = part.Next.Value }).Take(state, Nodes)!.Next);
        var sorted = EntitySort.Parse("version", EntityMembers.Of(Nodes)).Sort!;
        Assert.Null((list with { Sort = sorted }).Take(state, Nodes));
    }

    [Theory]
    [InlineData("nme", "Column 1: nodes have no member 'nme'")]
    [InlineData("name,-spec.x", "Column 6: nodes have no member 'spec.x'")]
    [InlineData("name,", "Column 6: nodes have no member ''")]
    [InlineData("spec.attributes", "Column 1: 'spec.attributes' has no order")]
    [InlineData("id,-id", "Column 4: 'id' is there twice")]
    [InlineData("id,version,tags.a,tags.b,tags.c", "Column 26: a list is sorted by 4")]
    public void An_order_that_makes_no_sense_is_refused(string sort, string detail) => Assert.StartsWith(
        detail, EntitySort.Parse(sort, EntityMembers.Of(Nodes)).Fault!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_cursor_of_another_order_or_of_nobody_is_refused()
    {
        var state = StateOf([Node("a", version: 1), Node("b", version: 2), Node("c", version: 3)]);
        var (query, _) = Ask(("sort", "-version"), ("limit", "1"));
        var cursor = PageQuery.CursorAfter(query!.List.Take(state, Nodes)!.Next!.Value);
        Assert.Equal(["b"], Ask(("sort", "-version"), ("limit", "1"), ("cursor", cursor)).Query!.List
            .Take(state, Nodes)!.Items.Select(node => node.Name));
        foreach (var (name, value) in ((string, string)[])[("sort", "version"), ("sort", "name"), ("limit", "1")])
        {
            var refusal = Ask((name, value), ("cursor", cursor)).Refusal!;
            Assert.Equal((400, "cursor"), (refusal.Status, refusal.Field));
        }

        string[] spoiled =
        [
            "", "!", "AAAA", cursor[..^4], PageQuery.CursorAfter(["-version", "x", "b"]),
            PageQuery.CursorAfter(["-version", "1"]), PageQuery.CursorAfter(["-version", "1", null]),
            new string('A', 10_000),
        ];
        Assert.All(spoiled, text => Assert.Equal(
            "cursor", Ask(("sort", "-version"), ("cursor", text)).Refusal?.Field));
    }

    [Fact]
    public void Fields_are_picked_and_id_and_version_always_come()
    {
        var node = Node("a", ["ssd"], zone: "z", version: 4);
        string Pick(string fields) =>
            FieldSelection.Parse(fields, EntityMembers.Of(Nodes)).Fields!.Of(node).ToJsonString();
        Assert.Equal("""{"id":"a","name":"a","version":4}""", Pick("name"));
        Assert.Equal("""{"id":"a","version":4,"spec":{"isDrained":false}}""", Pick("spec.isDrained"));
        Assert.Equal("""{"id":"a","version":4,"tags":{"zone":"z"}}""", Pick("tags.zone,tags.rack"));
        Assert.Equal(
            """{"id":"a","version":4,"spec":{"attributes":["ssd"],"isDrained":false}}""", Pick("spec.isDrained,spec"));
        var (_, fault) = FieldSelection.Parse("name,spec.color", EntityMembers.Of(Nodes));
        Assert.StartsWith("Column 6: nodes have no member 'spec.color'", fault!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_found_by_a_secret()
    {
        var proof = new PasswordProof(new PasswordHash("pbkdf2-sha512", 100_000, "salt", "value"));
        var kind = EntityKind.Of<AuthenticatorSpec>();
        var state = StateOf([new Entity(
            kind, EntityId.Parse("a"), "a", Day, Day, 1, Entity.NoTags,
            new AuthenticatorSpec(EntityId.Parse("i"), proof))]);
        EntityListPart Find(string filter) => new EntityList(
            FilterParser.Parse(filter, EntityMembers.Of(kind)).Filter, EntitySort.ByName, 10, []).Take(state, kind)!;
        Assert.Empty(Find("spec.password.hash.value startsWith \"v\"").Items);
        Assert.Empty(Find("spec.password.hash != null").Items);
        Assert.Single(Find("spec.password != null").Items);
    }

    [Fact]
    public void A_parameter_that_is_given_twice_is_refused()
    {
        var query = new QueryCollection(new Dictionary<string, StringValues>
        {
            ["filter"] = new(["name = \"a\"", "name = \"b\""]),
        });
        var (_, refusal) = EntityListQuery.Parse(query, Nodes);
        Assert.Equal((400, "filter"), (refusal!.Status, refusal.Field));
    }

    private static ImmutableArray<Entity> PagesOf(ModelState state, string sort, string? filter, int limit)
    {
        var seen = ImmutableArray.CreateBuilder<Entity>();
        string? cursor = null;
        do
        {
            List<(string, string)> asked = [("sort", sort), ("limit", $"{limit}")];
            if (filter is not null) asked.Add(("filter", filter));
            if (cursor is not null) asked.Add(("cursor", cursor));
            var (query, refusal) = Ask([.. asked]);
            Assert.Null(refusal);
            var part = query!.List.Take(state, Nodes)!;
            Assert.InRange(part.Items.Length, 0, limit);
            seen.AddRange(part.Items);
            cursor = part.Next is { } next ? PageQuery.CursorAfter(next) : null;
        }
        while (cursor is not null);
        return seen.ToImmutable();
    }

    private static (EntityListQuery? Query, Refusal? Refusal) Ask(params (string Name, string Value)[] asked) =>
        EntityListQuery.Parse(
            new QueryCollection(asked.ToDictionary(one => one.Name, one => new StringValues(one.Value))), Nodes);
}

using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Gateway.Model.Lists;
using static Aedile.Tests.Model.Lists.Entities;

namespace Aedile.Tests.Model.Lists;

/// <summary>Goal: a filter means what it says, and one that says nothing is refused with its place.</summary>
public sealed class FilterTests
{
    [Theory]
    [InlineData("name = \"n-1\"", true)]
    [InlineData("name != \"n-1\"", false)]
    [InlineData("name contains \"-\" and tags.zone = \"a\"", true)]
    [InlineData("name contains \"N\"", false)]
    [InlineData("name startsWith \"n-\"", true)]
    [InlineData("name startsWith \"-\"", false)]
    [InlineData("name < \"n-2\" and name >= \"n-1\"", true)]
    [InlineData("name in [\"x\", \"n-1\"]", true)]
    [InlineData("name in [\"x\"]", false)]
    [InlineData("id = \"n-1\" and kind = \"node\"", true)]
    [InlineData("tags contains \"zone\"", true)]
    [InlineData("tags contains \"a\"", false)]
    [InlineData("tags.rack = null", true)]
    [InlineData("tags.rack != null or tags.zone = null", false)]
    [InlineData("tags.rack != \"1\"", true)]
    [InlineData("tags.rack < \"1\" or tags.rack >= \"1\" or tags.rack contains \"\"", false)]
    [InlineData("tags.\"zone\" = \"a\"", true)]
    [InlineData("spec.attributes contains \"ssd\"", true)]
    [InlineData("spec.attributes contains \"ss\"", false)]
    [InlineData("not spec.attributes contains \"hdd\"", true)]
    [InlineData("spec.isDrained = true", false)]
    [InlineData("spec.isDrained != true", true)]
    [InlineData("spec.isDrained in [true, false]", true)]
    [InlineData("spec = null", false)]
    [InlineData("version = 7 and version <= 7.0 and version > -1", true)]
    [InlineData("version in [6, 7.00]", true)]
    [InlineData("version < 7", false)]
    [InlineData("updatedAt > \"2030-01-01\"", true)]
    [InlineData("updatedAt = \"2030-01-03T01:00:00+01:00\"", true)]
    [InlineData("updatedAt in [\"2030-01-03T00:00Z\"]", true)]
    [InlineData("createdAt >= \"2030-01-01T00:00:00.001Z\"", false)]
    [InlineData("name = \"x\" or name = \"n-1\" and tags.zone = \"b\"", false)]
    [InlineData("(name = \"x\" or name = \"n-1\") and tags.zone = \"a\"", true)]
    [InlineData("not (name = \"x\" or name = \"n-1\")", false)]
    [InlineData("not not name = \"n-1\"", true)]
    [InlineData("  name=\"n-1\"  ", true)]
    [InlineData("name != \"quote \\\" and \\\\\"", true)]
    public void A_filter_means_what_it_says(string filter, bool isMeant) => Assert.Equal(
        isMeant, Matches(filter, Node("n-1", ["ssd", "fast"], zone: "a", days: 2, version: 7)));

    [Fact]
    public void Values_within_values_are_reached_and_may_be_missing()
    {
        var agent = IdentityOf("a", IdentityType.Agent, NodeName.Parse("n-1"));
        Assert.True(Matches("spec.type = \"agent\" and spec.node = \"n-1\"", agent));
        Assert.True(Matches("spec.roles contains \"viewer\" and spec.external = null", agent));
        Assert.True(Matches("spec.external.signer = null and spec.external.subject != \"x\"", agent));
        Assert.False(Matches("spec.external.subject startsWith \"\"", agent));
        Assert.False(Matches("spec.type in [\"person\", \"silo\"]", agent));
    }

    [Theory]
    [InlineData("", 1, "a member of the entity")]
    [InlineData("   ", 4, "the end")]
    [InlineData("name", 5, "=, !=, <, <=, >, >=, contains, startsWith or in was expected, not the end")]
    [InlineData("name =", 7, "a text in double quotes was expected, not the end")]
    [InlineData("name = x", 8, "not 'x'")]
    [InlineData("name = 5", 8, "a text in double quotes")]
    [InlineData("name = \"x", 8, "doesn't end")]
    [InlineData("name = \"\\n\"", 9, "after '\\'")]
    [InlineData("name = \"x\" name", 12, "'and', 'or' or the end")]
    [InlineData("name = \"x\" and", 15, "a member")]
    [InlineData("(name = \"x\"", 12, "')'")]
    [InlineData("name = \"x\")", 11, "the end")]
    [InlineData("name ~ \"x\"", 6, "'~' means nothing")]
    [InlineData("name == \"x\"", 7, "not '='")]
    [InlineData("nam = \"x\"", 1, "nodes have no member 'nam'")]
    [InlineData("name = \"x\" or spec.color = \"red\"", 15, "no member 'spec.color'")]
    [InlineData("spec.attributes.ssd = true", 1, "no member 'spec.attributes.ssd'")]
    [InlineData("tags. = \"x\"", 7, "the name of a member")]
    [InlineData("version = \"5\"", 11, "a number")]
    [InlineData("version = 5.5.5", 11, "a number")]
    [InlineData("version contains 5", 9, "version is compared with")]
    [InlineData("version < null", 9, "null is compared with = or != only")]
    [InlineData("spec.isDrained = yes", 18, "true or false")]
    [InlineData("spec.isDrained > true", 16, "=, != or in")]
    [InlineData("spec.attributes = \"ssd\"", 17, "contains, = null or != null")]
    [InlineData("spec.attributes in [\"ssd\"]", 17, "contains, = null or != null")]
    [InlineData("updatedAt > \"yesterday\"", 13, "a time")]
    [InlineData("name in \"x\"", 9, "'['")]
    [InlineData("name in []", 10, "a text")]
    [InlineData("name in [\"x\" \"y\"]", 14, "',' or ']'")]
    [InlineData("name in [\"x\", 5]", 15, "a text")]
    [InlineData("not", 4, "a member")]
    [InlineData("and", 1, "a member")]
    public void A_filter_that_says_nothing_is_refused_with_its_place(string filter, int column, string detail)
    {
        var fault = FaultOf(filter);
        Assert.Equal(column, fault.Column);
        Assert.Contains(detail, fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_a_member_never_has_is_refused()
    {
        var members = EntityMembers.Of(EntityKind.Of<IdentitySpec>());
        var (_, fault) = FilterParser.Parse("spec.type = \"persn\"", members);
        Assert.Equal("one of \"agent\", \"person\", \"program\", \"silo\" was expected, not 'persn'.", fault!.Detail);
        Assert.NotNull(FilterParser.Parse("spec.type contains \"per\"", members).Filter);
    }

    [Fact]
    public void Length_depth_comparisons_and_values_have_bounds()
    {
        const string One = "name = \"x\"";
        string Deep(int levels) => new string('(', levels) + One + new string(')', levels);
        Assert.True(Matches(Deep(FilterParser.DepthMax), Node("x")));
        Assert.Equal(FilterParser.DepthMax + 1, FaultOf(Deep(FilterParser.DepthMax + 1)).Column);
        Assert.Contains("levels", FaultOf(string.Concat(Enumerable.Repeat("not ", 500)) + One).Detail,
            StringComparison.Ordinal);

        string Many(int count) => string.Join(" or ", Enumerable.Repeat(One, count));
        Assert.True(Matches(Many(FilterParser.ComparisonsMax), Node("x")));
        Assert.Contains("comparisons", FaultOf(Many(FilterParser.ComparisonsMax + 1)).Detail, StringComparison.Ordinal);

        string List(int count) => $"version in [{string.Join(',', Enumerable.Range(1, count))}]";
        Assert.True(Matches(List(FilterParser.ValuesMax), Node("x")));
        Assert.Contains("values", FaultOf(List(FilterParser.ValuesMax + 1)).Detail, StringComparison.Ordinal);

        Assert.Equal(
            FilterParser.LengthMax + 1, FaultOf(One + new string(' ', FilterParser.LengthMax)).Column);
    }

    [Fact]
    public void Every_member_of_every_kind_can_be_asked_for()
    {
        foreach (var kind in EntityKinds.All)
        {
            var members = EntityMembers.Of(kind);
            foreach (var path in members.Paths)
                Assert.NotNull(FilterParser.Parse($"{path} = null or {path} != null", members).Filter);
            foreach (var property in kind.SpecType.GetProperties().Where(p => p.DeclaringType == kind.SpecType))
            {
                if (property.GetMethod!.IsStatic) continue;
                var name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
                Assert.NotNull(members.Find("spec." + name));
            }
        }
    }
}

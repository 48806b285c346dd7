using System.Text.Json.Nodes;
using Aedile.Cli;
using Aedile.Cli.Identity;
using Aedile.Cli.Model;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Tests.Cli;

/// <summary>Goal: what a command line says of an entity becomes what REST takes, or a word to who typed it.</summary>
public sealed class EntityFileTests
{
    private static readonly EntityKind Node = EntityKind.Of<NodeSpec>();

    [Fact]
    public void What_get_printed_becomes_an_update_of_that_version()
    {
        var file = EntityFile.Of(
            Parse("""
                {"kind":"node","id":"n","name":"n","createdAt":"2026-01-01T00:00:00Z",
                "updatedAt":"2026-01-01T00:00:00Z","version":17,"tags":{"a":"1","b":"2"},"spec":{"attributes":[]}}
                """), Node, "new", null, ["a=", "c=x=y"]);
        Assert.Equal(17, file.Version);
        Assert.Equal(
            """{"name":"new","tags":{"b":"2","c":"x=y"},"spec":{"attributes":[]}}""", file.Whole().ToJsonString());
        Assert.Equal("""{"a":null,"b":"2","c":"x=y"}""", file.Body["tags"]!.ToJsonString());
    }

    [Fact]
    public void Options_alone_are_enough_and_win_over_the_file()
    {
        var spec = Parse("""{"attributes":["ssd"]}""");
        Assert.Equal(
            """{"spec":{"attributes":["ssd"]}}""", EntityFile.Of(null, Node, null, spec, []).Body.ToJsonString());
        Assert.Equal(
            """{"spec":{"attributes":["ssd"]}}""",
            EntityFile.Of(Parse("""{"spec":{"attributes":[]}}"""), Node, null, spec, []).Body.ToJsonString());
    }

    [Theory]
    [InlineData("zone")]
    [InlineData("=a")]
    [InlineData("")]
    public void A_tag_that_is_none_is_said(string tag) =>
        Assert.Throws<UsageException>(() => EntityFile.Of(null, Node, null, null, [tag]));

    [Fact]
    public void A_file_of_another_kind_is_said() => Assert.Contains(
        "role", Assert.Throws<UsageException>(
            () => EntityFile.Of(Parse("""{"kind":"role"}"""), Node, null, null, [])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("2m", 120)]
    [InlineData("12h", 43_200)]
    [InlineData("7d", 604_800)]
    public void A_time_is_a_number_and_a_unit(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), PasswordCommands.LifeOf(text));

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("7")]
    [InlineData("-1d")]
    [InlineData("0h")]
    [InlineData("7w")]
    [InlineData("24856d")]
    [InlineData("2000000000d")]
    public void What_is_no_time_is_said(string text) =>
        Assert.Throws<UsageException>(() => PasswordCommands.LifeOf(text));

    private static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();
}

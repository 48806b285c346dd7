using System.Globalization;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Gateway.Model.Lists;
using Aedile.Tests.Support;
using static Aedile.Tests.Model.Lists.Entities;

namespace Aedile.Tests.Model.Lists;

/// <summary>Goal: filters of all shapes mean what they say, and no text upsets the parser.</summary>
public sealed class FilterPropertyTests
{
    private static readonly string[] Texts = ["", "a", "b", "ab", "ssd", "n-1", "quo\"te", "back\\slash", "ä€𝄞"];

    private static readonly string[] Pieces =
    [
        "name", "spec", ".", "tags", "and", "or", "not", "in", "contains", "startsWith", "=", "!=", "<", "<=", ">",
        ">=", "(", ")", "[", "]", ",", "\"", "\\", "null", "true", "5", "-", "5.", "version", " ", "ä",
        "\u0000", "\ud800",
    ];

    [Fact]
    public void A_random_filter_means_what_its_plain_reading_means()
    {
        var chance = Seed.Take().Chance;
        var meant = 0;
        for (var round = 0; round < Seed.Rounds(2_000); round++)
        {
            var (text, expected) = Any(chance, 4);
            var entity = Node(
                Pick(chance, "a", "b", "ab", "n-1"), chance.Next(2) == 0 ? ["ssd"] : ["a", "b"], chance.Next(2) == 0,
                chance.Next(2) == 0 ? Pick(chance, Texts) : null, chance.Next(3), chance.Next(3));
            Assert.True(expected(entity) == Matches(text, entity), $"{text} on {entity}");
            if (expected(entity)) meant++;
        }

        Assert.InRange(meant, 1, Seed.Rounds(2_000) - 1);
    }

    [Fact]
    public void No_text_upsets_the_parser_and_every_fault_has_a_place_in_it()
    {
        var chance = Seed.Take().Chance;
        var members = EntityMembers.Of(EntityKind.Of<NodeSpec>());
        for (var round = 0; round < Seed.Rounds(5_000); round++)
        {
            var space = Pick(chance, "", " ");
            var text = string.Join(space, Enumerable.Range(0, chance.Next(12)).Select(_ => Pick(chance, Pieces)));
            if (round % 3 == 0) text = Spoil(chance, Any(chance, 3).Text);
            var (filter, fault) = FilterParser.Parse(text, members);
            Assert.True(filter is null != fault is null, text);
            if (fault is not null) Assert.InRange(fault.Column, 1, text.Length + 1);
            else _ = filter!.Matches(Node("n-1", ["ssd"]));
        }
    }

    private static (string Text, Func<Entity, bool> Meaning) Any(Random chance, int depth)
    {
        if (depth == 0 || chance.Next(4) == 0) return AnyComparison(chance);
        var (one, first) = Any(chance, depth - 1);
        var (other, second) = Any(chance, depth - 1);
        return chance.Next(3) switch
        {
            0 => ($"({one}) and ({other})", entity => first(entity) && second(entity)),
            1 => ($"({one} or {other})", entity => first(entity) || second(entity)),
            _ => ($"not ({one})", entity => !first(entity)),
        };
    }

    private static (string Text, Func<Entity, bool> Meaning) AnyComparison(Random chance)
    {
        var text = Pick(chance, Texts);
        var written = "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
        var number = chance.Next(3);
        var time = Day.AddDays(number);
        return chance.Next(8) switch
        {
            0 => ($"name = {written}", entity => entity.Name == text),
            1 => ($"name contains {written}", entity => entity.Name.Contains(text, StringComparison.Ordinal)),
            2 => ($"tags.zone = {written}", entity => entity.Tags.GetValueOrDefault("zone") == text),
            3 => ($"tags.zone < {written}", entity => entity.Tags.TryGetValue("zone", out var zone)
                && string.CompareOrdinal(zone, text) < 0),
            4 => ($"spec.attributes contains {written}", entity => ((NodeSpec)entity.Spec).Attributes.Contains(text)),
            5 => ("spec.isDrained = true", entity => ((NodeSpec)entity.Spec).IsDrained),
            6 => ($"version in [{number}, 2]", entity => entity.Version == number || entity.Version == 2),
            _ => (string.Create(CultureInfo.InvariantCulture, $"updatedAt >= \"{time:yyyy-MM-ddTHH:mm:ss}Z\""),
                entity => entity.UpdatedAt >= time),
        };
    }

    private static string Spoil(Random chance, string text)
    {
        var place = chance.Next(text.Length);
        return chance.Next(2) == 0 ? text.Remove(place, 1) : text.Insert(place, Pick(chance, Pieces));
    }

    private static string Pick(Random chance, params string[] all) => all[chance.Next(all.Length)];
}

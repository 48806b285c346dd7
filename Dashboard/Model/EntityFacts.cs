using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.Model.Forms;

namespace Aedile.Dashboard.Model;

/// <summary>A member of an entity in words.</summary>
/// <param name="Label">Its name for people.</param>
/// <param name="Values">Its values; one that says "none" when there is none.</param>
internal sealed record EntityFact(string Label, ImmutableArray<FactValue> Values);

/// <summary>A value in words.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Href">Where it leads; null when it names no entity.</param>
/// <param name="IsQuiet">Whether it stands for nothing.</param>
internal sealed record FactValue(string Text, string? Href = null, bool IsQuiet = false);

/// <summary>What the pages show of an entity, decided here and nowhere else. Pure.</summary>
internal static class EntityFacts
{
    private const int SummaryLengthMax = 110;

    /// <summary>Every member of the spec, and the tags, with links to what it refers to.</summary>
    public static ImmutableArray<EntityFact> Of(Entity entity, IReadOnlyList<EntityReference> references)
    {
        var body = JsonSerializer.SerializeToNode(ReaderView.Of(entity), Wire.Json)!.AsObject();
        var links = references.GroupBy(reference => reference.Field)
            .ToDictionary(group => group.Key, group => HrefOf(group.First().Target), StringComparer.Ordinal);
        return
        [
            .. FormShape.Of(entity.Kind).Fields.Where(field => field.Path is not "name")
                .SelectMany(field => FactsOf("", field, body, links)),
        ];
    }

    /// <summary>One line that tells entities of a kind from each other.</summary>
    public static string Summarize(Entity entity)
    {
        var parts = Of(entity, [])
            .Where(fact => fact.Values.Any(value => !value.IsQuiet))
            .Select(fact => $"{fact.Label}: {string.Join(", ", fact.Values.Select(value => value.Text))}");
        var line = string.Join(" · ", parts);
        return line.Length <= SummaryLengthMax ? line : line[..(SummaryLengthMax - 1)] + "…";
    }

    /// <summary>Whether a part of an entity's spec is never shown.</summary>
    public static bool HasSecrets(EntityKind kind) => kind.SpecType.IsAssignableTo(typeof(IHoldsSecrets));

    /// <summary>Address of an entity's page.</summary>
    public static string HrefOf(EntityKey key) => $"/model/{key.Kind.Plural}/{key.Id}";

    /// <summary>A kind's name for people: <c>Virtual storages</c>.</summary>
    public static string TitleOf(EntityKind kind) => Capitalized(kind.Plural.Replace('-', ' '));

    /// <summary>A kind's singular for people: <c>virtual storage</c>.</summary>
    public static string NameOf(EntityKind kind) => kind.Name.Replace('-', ' ');

    /// <summary>A moment for people, to the second.</summary>
    public static string MomentOf(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static IEnumerable<EntityFact> FactsOf(
        string prefix, FormField field, JsonObject body, Dictionary<string, string> links)
    {
        var value = FormText.Find(body, field.Path);
        var label = prefix + field.Label;
        return field.Kind is FieldKind.Group && value is JsonObject
            ? field.Members.SelectMany(member => FactsOf($"{label} · ", member, body, links))
            : [new EntityFact(label, ValuesOf(field, value, links))];
    }

    private static ImmutableArray<FactValue> ValuesOf(
        FormField field, JsonNode? value, Dictionary<string, string> links) => (field.Kind, value) switch
        {
            (_, null) => [new FactValue("–", IsQuiet: true)],
            (_, JsonArray { Count: 0 } or JsonObject { Count: 0 }) => [new FactValue("none", IsQuiet: true)],
            (FieldKind.Lines, JsonArray list) =>
            [
                .. list.Select((item, place) => new FactValue(
                    Differences.TextOf(item) ?? "null", links.GetValueOrDefault($"{field.Path}[{place}]"))),
            ],
            (FieldKind.Pairs, JsonObject pairs) =>
                [.. pairs.Select(pair => new FactValue($"{pair.Key} = {Differences.TextOf(pair.Value)}"))],
            (FieldKind.Flag, _) => [FlagOf(value)],
            (FieldKind.Moment, _) when value.GetValueKind() is JsonValueKind.String
                && DateTimeOffset.TryParse(
                    value.GetValue<string>(), CultureInfo.InvariantCulture, out var moment) =>
                [new FactValue(MomentOf(moment))],
            _ => [new FactValue(Differences.TextOf(value)!, links.GetValueOrDefault(field.Path))],
        };

    private static FactValue FlagOf(JsonNode value) => value.GetValueKind() is JsonValueKind.True
        ? new FactValue("yes")
        : new FactValue("no", IsQuiet: true);

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

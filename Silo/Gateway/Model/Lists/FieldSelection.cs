using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Model;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>The members that are asked for, as in <c>name,spec.nodes</c>; id and version are always there.</summary>
internal sealed class FieldSelection
{
    /// <summary>Most members that can be asked for one by one.</summary>
    public const int FieldsMax = 64;

    private readonly Branch _root;

    private FieldSelection(Branch root) => _root = root;

    /// <summary>Reads a selection for the entities of a kind.</summary>
    public static (FieldSelection? Fields, QueryFault? Fault) Parse(string text, EntityMembers members)
    {
        var root = Branch.None.With(["id"]).With(["version"]);
        var (column, count) = (1, 0);
        foreach (var path in text.Split(','))
        {
            if (++count > FieldsMax)
                return (null, new QueryFault(column, $"not more than {FieldsMax} members are possible."));
            if (members.Find(path) is null) return (null, new QueryFault(column, members.DescribeMissing(path)));
            // A tag's name may have dots.
            root = root.With(path.StartsWith("tags.", StringComparison.Ordinal) ? path.Split('.', 2) : path.Split('.'));
            column += path.Length + 1;
        }

        return (new FieldSelection(root), null);
    }

    /// <summary>What was asked for, of an entity; in the order of the whole one.</summary>
    public JsonObject Of(Entity entity) =>
        Pick(JsonSerializer.SerializeToNode(entity, Wire.Json)!.AsObject(), _root);

    private static JsonObject Pick(JsonObject whole, Branch branch)
    {
        var picked = new JsonObject();
        foreach (var (name, value) in whole)
        {
            if (!branch.Parts.TryGetValue(name, out var part)) continue;
            picked[name] = value is JsonObject inner && !part.IsWhole ? Pick(inner, part) : value?.DeepClone();
        }

        return picked;
    }

    private sealed record Branch(ImmutableDictionary<string, Branch> Parts, bool IsWhole)
    {
        public static readonly Branch None = new(ImmutableDictionary<string, Branch>.Empty, false);

        public Branch With(ReadOnlySpan<string> path) => path.IsEmpty
            ? this with { IsWhole = true }
            : this with { Parts = Parts.SetItem(path[0], Parts.GetValueOrDefault(path[0], None).With(path[1..])) };
    }
}

using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client;
using Aedile.Client.Gateway;
using Aedile.Client.Model;

namespace Aedile.Cli.Model;

/// <summary><c>model</c>: definitions of every kind.</summary>
internal static class ModelCommands
{
    private static readonly IReadOnlyList<Column<Entity>> Columns =
    [
        new("id", entity => entity.Id.Value), new("name", entity => entity.Name),
        new("version", entity => $"{entity.Version}"), new("updated", entity => Output.At(entity.UpdatedAt)),
        new("tags", TagsOf),
    ];

    public static Command Make(CommandFrame frame) => new("model", "Definitions of every kind.")
    {
        frame.Make("status", "Index, digests and counts of the silo that answers.", [], ShowStatus),
        MakeList(frame),
        MakeGet(frame),
        EntityWriteCommands.MakeCreate(frame),
        EntityWriteCommands.MakeUpdate(frame),
        EntityWriteCommands.MakePatch(frame),
        EntityWriteCommands.MakeDelete(frame),
        MakeTransact(frame),
        TransferCommands.MakeExport(frame),
        TransferCommands.MakeImport(frame),
    };

    /// <summary>The argument that names a kind, in the singular or plural.</summary>
    public static Argument<EntityKind> KindArgument() => new("KIND")
    {
        Description = "A kind, as in nodes. 'model status' lists them.",
        CustomParser = parsed =>
        {
            var text = parsed.Tokens.Count > 0 ? parsed.Tokens[0].Value : "";
            if ((EntityKinds.FindPlural(text) ?? EntityKinds.Find(text)) is { } kind) return kind;
            var kinds = string.Join(", ", EntityKinds.All.Select(one => one.Plural));
            parsed.AddError($"There is no kind '{text}'; there are {kinds}.");
            return null;
        },
    };

    /// <summary>The argument that names an entity.</summary>
    public static Argument<EntityId> IdArgument(string name = "ID") => new(name)
    {
        Description = "Its id.",
        CustomParser = parsed =>
        {
            var text = parsed.Tokens.Count > 0 ? parsed.Tokens[0].Value : "";
            if (EntityId.TryParse(text, null, out var id)) return id;
            parsed.AddError($"'{text}' is no id: 1 to 63 of a-z 0-9 -, a letter or digit first and last.");
            return default;
        },
    };

    /// <summary>Shows an entity.</summary>
    public static void Show(CommandRun run, Entity entity) => run.Output.Show(
        entity, Facts(entity));

    private static IEnumerable<(string, string)> Facts(Entity entity)
    {
        yield return ("id", entity.Id.Value);
        yield return ("name", entity.Name);
        yield return ("version", $"{entity.Version}");
        yield return ("created", Output.At(entity.CreatedAt));
        yield return ("updated", Output.At(entity.UpdatedAt));
        if (entity.Tags.Count > 0) yield return ("tags", TagsOf(entity));
        var spec = JsonSerializer.SerializeToNode(entity.Spec, entity.Kind.SpecType, Wire.Json)!.AsObject();
        foreach (var (member, value) in spec)
            yield return (member, value is JsonValue text ? text.ToString() : value?.ToJsonString() ?? "-");
    }

    private static string TagsOf(Entity entity) =>
        string.Join(' ', entity.Tags.Select(tag => $"{tag.Key}={tag.Value}"));

    private static async Task ShowStatus(CommandRun run, CancellationToken cancellation)
    {
        var model = await run.Client.Model.Describe(cancellation);
        run.Output.Show(
            model,
            [
                ("timeline", model.Timeline), ("index", $"{model.Index}"), ("digest", model.Digest),
                ("content", model.ContentDigest), ("newest change", Output.At(model.At)), ("age", $"{model.AgeMs} ms"),
                ("writable", model.IsWritable ? "yes" : "no"),
                .. model.Kinds.Select(kind => (kind.Plural, $"{kind.Count}")),
            ]);
    }

    private static Command MakeList(CommandFrame frame)
    {
        var kind = KindArgument();
        var filter = new Option<string?>("--filter", "-f")
        {
            Description = "Which of them, as in 'tags.zone = \"a\"'.", HelpName = "FILTER",
        };
        var sort = new Option<string?>("--sort")
        {
            Description = "In which order, as in updatedAt.", HelpName = "SORT",
        };
        var latest = LatestOption();
        return frame.Make("list", "Lists the entities of a kind.", [kind, filter, sort, latest], (run, ct) =>
            run.Output.List(
                run.Client.Model.List(
                    run.Get(kind), new EntityQuery(run.Get(filter), run.Get(sort), Mode: ModeOf(run, latest)), ct),
                Columns, ct));
    }

    private static Command MakeGet(CommandFrame frame)
    {
        var (kind, id, latest) = (KindArgument(), IdArgument(), LatestOption());
        return frame.Make("get", "Shows an entity.", [kind, id, latest], async (run, ct) => Show(
            run, await run.Client.Model.Get(new EntityKey(run.Get(kind), run.Get(id)), ModeOf(run, latest), ct)));
    }

    private static Command MakeTransact(CommandFrame frame)
    {
        var file = new Option<string>("--file")
        {
            Description = "JSON {\"changes\":[{\"verb\":\"create\",\"kind\":\"node\",\"id\":…,\"body\":{…}}, …]}; - is "
                + "standard input.",
            HelpName = "FILE", Required = true,
        };
        var key = new Option<string?>("--key")
        {
            Description = "Idempotency key: the same file again with it is done once.", HelpName = "KEY",
        };
        return frame.Make("transact", "Makes several changes, all or none.", [file, key], async (run, ct) =>
        {
            var body = TextFile.ReadObject(run.Parsed.GetRequiredValue(file), frame.Terminal);
            TransactionRequest request;
            try
            {
                request = body.Deserialize<TransactionRequest>(Wire.Json)!;
            }
            catch (JsonException error)
            {
                throw new UsageException($"The file holds no transaction: {error.Message}");
            }

            var receipt = await run.Client.Model.Transact(request, run.Get(key), ct);
            run.Output.Show(
                receipt, ("index", $"{receipt.Index}"), ("changed", string.Join(", ", receipt.Changed)));
        });
    }

    private static Option<bool> LatestOption() => new("--latest")
    {
        Description = "Nothing that was acknowledged before may be missing; else whatever the silo has.",
    };

    private static ReadMode ModeOf(CommandRun run, Option<bool> latest) =>
        run.Get(latest) ? ReadMode.Latest : ReadMode.Seen;
}

using System.CommandLine;
using Aedile.Client.Gateway;
using Aedile.Client.Model;

namespace Aedile.Cli.Model;

/// <summary><c>model create</c>, <c>update</c>, <c>patch</c> and <c>delete</c>.</summary>
internal static class EntityWriteCommands
{
    public static Command MakeCreate(CommandFrame frame)
    {
        var (kind, content) = (ModelCommands.KindArgument(), new Content(frame));
        var id = new Option<string?>("--id") { Description = "Its id; else the model gives one.", HelpName = "ID" };
        return frame.Make("create", "Makes an entity.", [kind, id, .. content.Symbols], async (run, ct) =>
        {
            if (run.Get(id) is { } text && !EntityId.TryParse(text, null, out _))
                throw new UsageException($"'{text}' is no id: 1 to 63 of a-z 0-9 -, a letter or digit first and last.");
            var file = content.Read(run, run.Get(kind));
            var result = await run.Client.Model.Create(
                new EntityDraft(run.Get(kind), file.Whole()),
                run.Get(id) is { } given ? EntityId.Parse(given) : null, cancellation: ct);
            Show(run, result);
        });
    }

    public static Command MakeUpdate(CommandFrame frame)
    {
        var (kind, id, content) = (ModelCommands.KindArgument(), ModelCommands.IdArgument(), new Content(frame));
        var version = VersionOption();
        return frame.Make(
            "update", "Replaces name, tags and spec. A file from 'get --json' is refused if it was changed meanwhile.",
            [kind, id, version, .. content.Symbols], async (run, ct) =>
            {
                var file = content.Read(run, run.Get(kind));
                Show(run, await run.Client.Model.Update(
                    run.Get(id), new EntityDraft(run.Get(kind), file.Whole()), run.Get(version) ?? file.Version, ct));
            });
    }

    public static Command MakePatch(CommandFrame frame)
    {
        var (kind, id, content) = (ModelCommands.KindArgument(), ModelCommands.IdArgument(), new Content(frame));
        var version = VersionOption();
        return frame.Make(
            "patch", "Merges name, tags and spec (RFC 7396).", [kind, id, version, .. content.Symbols],
            async (run, ct) =>
            {
                var file = content.Read(run, run.Get(kind));
                Show(run, await run.Client.Model.Patch(
                    run.Get(id), new EntityDraft(run.Get(kind), file.Body), run.Get(version) ?? file.Version, ct));
            });
    }

    public static Command MakeDelete(CommandFrame frame)
    {
        var (kind, id, version) = (ModelCommands.KindArgument(), ModelCommands.IdArgument(), VersionOption());
        return frame.Make("delete", "Removes an entity.", [kind, id, version], async (run, ct) =>
        {
            var key = new EntityKey(run.Get(kind), run.Get(id));
            var result = await run.Client.Model.Delete(key, run.Get(version), ct);
            run.Output.Show(new { result.Index }, ("deleted", key.ToString()), ("index", $"{result.Index}"));
        });
    }

    private static Option<long?> VersionOption() => new("--version")
    {
        Description = "Refused if it has another one; else whichever it has.", HelpName = "N",
    };

    private static void Show(CommandRun run, WriteResult result)
    {
        if (result.Entity is { } entity) ModelCommands.Show(run, entity);
        else run.Output.Show(new { result.Index }, ("written at index", $"{result.Index}"));
    }

    // The options that say what an entity shall be.
    private sealed class Content(CommandFrame frame)
    {
        private readonly Option<string?> _file = new("--file")
        {
            Description = "JSON with name, tags and spec, or what 'get --json' prints; - is standard input.",
            HelpName = "FILE",
        };

        private readonly Option<string?> _name = new("--name") { Description = "Its name.", HelpName = "NAME" };

        private readonly Option<string?> _spec = new("--spec")
        {
            Description = "Its spec, as in '{\"attributes\":[\"ssd\"]}'.", HelpName = "JSON",
        };

        private readonly Option<string[]> _tags = new("--tag")
        {
            Description = "A tag; NAME= takes it away. May be given again.", HelpName = "NAME=VALUE",
        };

        public IEnumerable<Symbol> Symbols => [_file, _name, _spec, _tags];

        public EntityFile Read(CommandRun run, EntityKind kind) => EntityFile.Of(
            run.Get(_file) is { } file ? TextFile.ReadObject(file, frame.Terminal) : null, kind, run.Get(_name),
            run.Get(_spec) is { } spec ? TextFile.ParseObject(spec, "--spec") : null, run.Get(_tags) ?? []);
    }
}

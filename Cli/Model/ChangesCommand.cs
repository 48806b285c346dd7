using System.CommandLine;
using Aedile.Client.Model;

namespace Aedile.Cli.Model;

/// <summary><c>changes</c>: the journal, which is the audit log.</summary>
internal static class ChangesCommand
{
    public static Command Make(CommandFrame frame)
    {
        var after = new Option<long?>("--after")
        {
            Description = "Only what comes after this index. Default: all that are kept; with --follow: what is yet to "
                + "come.",
            HelpName = "INDEX",
        };
        var follow = new Option<bool>("--follow", "-f") { Description = "Goes on until Ctrl-C." };
        return frame.Make("changes", "What was changed, when, by whom.", [after, follow], async (run, ct) =>
        {
            var isFollowing = run.Get(follow);
            var first = run.Get(after)
                ?? (isFollowing ? (await run.Client.Model.Describe(ct)).Index : 0);
            if (first < 0) throw new UsageException("--after is an index: it is not negative.");
            var lines = new LineOutput(frame.Terminal.Out, run.Output.IsJson);
            await foreach (var entry in run.Client.Changes.Read(first, isFollowing, ct)) lines.Write(entry);
        });
    }

    // A line each, at once: who follows must not wait for a table to be full.
    private sealed class LineOutput(TextWriter writer, bool isJson)
    {
        public void Write(JournalEntry entry)
        {
            if (isJson)
            {
                writer.WriteLine(System.Text.Json.JsonSerializer.Serialize(entry, Aedile.Client.Wire.Json));
            }
            else
            {
                var head = $"{entry.Index,8}  {Output.At(entry.At)}  {entry.Actor}";
                // The first entry of a history that began with an import changes nothing that came before it.
                if (entry.Changes.IsEmpty) writer.WriteLine(Terminal.Plain($"{head}  imported the model"));
                foreach (var change in entry.Changes)
                    writer.WriteLine(Terminal.Plain($"{head}  {VerbOf(change)} {change.Key}"));
            }

            writer.Flush();
        }

        private static string VerbOf(EntityChange change) => change switch
        {
            { Before: null } => "created",
            { After: null } => "deleted",
            _ => "changed",
        };
    }
}

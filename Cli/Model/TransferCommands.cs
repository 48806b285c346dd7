using System.CommandLine;

namespace Aedile.Cli.Model;

/// <summary><c>model export</c> and <c>model import</c>.</summary>
internal static class TransferCommands
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Packed = ".gz";

    public static Command MakeExport(CommandFrame frame)
    {
        var file = new Option<FileInfo>("--file")
        {
            Description = "Where to; as gzip if it ends with .gz. Only its owner may read it.", HelpName = "FILE",
            Required = true,
        };
        var secrets = new Option<bool>("--secrets")
        {
            Description = "With hashes of passwords and one-time tokens: only so an installation can begin with it.",
        };
        const string Description = "Copies the whole model into a file, as JSON lines.";
        return frame.Make("export", Description, [file, secrets], async (run, ct) =>
        {
            var path = run.Get(file)!.FullName;
            var part = path + ".part";
            File.Delete(part);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private,
            };
            try
            {
                await using (var target = new FileStream(part, options))
                {
                    await run.Client.Model.Export(target, run.Get(secrets), IsPacked(path), ct);
                    target.Flush(flushToDisk: true);
                }

                File.Move(part, path, overwrite: true);
            }
            finally
            {
                // Half an export must not look like one.
                File.Delete(part);
            }

            var bytes = new FileInfo(path).Length;
            run.Output.Show(
                new { Index = run.Client.LastIndex, Bytes = bytes },
                ("index", $"{run.Client.LastIndex}"), ("bytes", $"{bytes}"));
        });
    }

    public static Command MakeImport(CommandFrame frame)
    {
        var file = new Option<FileInfo>("--file")
        {
            Description = "An export with secrets; gzip if it ends with .gz.", HelpName = "FILE", Required = true,
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "What is defined now goes, identities and tokens' keys with it.",
        };
        return frame.Make(
            "import", "Makes an export the model, all or nothing. Repositories' contents are not in it: see ./run "
                + "fleet --from.",
            [file, replace], async (run, ct) =>
            {
                var path = run.Get(file)!.FullName;
                if (!File.Exists(path)) throw new UsageException($"There is no file {path}.");
                var done = await run.Client.Model.Import(
                    () => File.OpenRead(path), IsPacked(path), run.Get(replace), ct);
                run.Output.Show(
                    done, ("timeline", done.Timeline), ("index", $"{done.Index}"), ("entities", $"{done.Entities}"),
                    ("content", done.ContentDigest));
            });
    }

    private static bool IsPacked(string path) => path.EndsWith(Packed, StringComparison.Ordinal);
}

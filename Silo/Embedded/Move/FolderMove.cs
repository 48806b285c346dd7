using System.Collections.Immutable;

namespace Aedile.Silo.Embedded.Move;

/// <summary>Copies a data folder, but for what is of a single silo or of a run.</summary>
internal static class FolderMove
{
    // A list of what stays: what is added to a data folder tomorrow is moved, too.
    private static readonly ImmutableArray<string> Left =
        ["silo.db", "silo.db-wal", "silo.db-shm", "run.json", "lock", "logs", "moved-to", "postgres"];

    /// <summary>Copies it. Permissions stay; where the disk can, blocks are shared and not copied.</summary>
    /// <param name="from">The folder.</param>
    /// <param name="to">Another one, which is made.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <returns>How many files.</returns>
    public static int Run(DirectoryInfo from, string to, CancellationToken cancellation) =>
        Copy(from, to, isRoot: true, cancellation);

    private static int Copy(DirectoryInfo from, string to, bool isRoot, CancellationToken cancellation)
    {
        Directory.CreateDirectory(to, from.UnixFileMode);
        var files = 0;
        foreach (var entry in from.EnumerateFileSystemInfos())
        {
            cancellation.ThrowIfCancellationRequested();
            if (isRoot && (Left.Contains(entry.Name) || entry.Name.EndsWith(".lock", StringComparison.Ordinal)))
                continue;
            var target = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(target, link);
            }
            else if (entry is DirectoryInfo folder)
            {
                files += Copy(folder, target, isRoot: false, cancellation);
            }
            else
            {
                File.Copy(entry.FullName, target);
                files++;
            }
        }

        return files;
    }
}

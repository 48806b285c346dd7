using System.Collections.Immutable;

namespace Aedile.Tests.Tidy;

/// <summary>The repository's own files, read where the tests were built. Nothing that a build or a run made.</summary>
internal static class SourceTree
{
    /// <summary>Every project, in the order of who may depend on whom.</summary>
    public static readonly ImmutableArray<string> Projects =
        ["Client", "Engine", "Grains.Interfaces", "Grains", "Dashboard", "Agent", "Cli", "Silo", "Tests", "Benchmarks"];

    /// <summary>The folders that every project divides itself into.</summary>
    public static readonly ImmutableArray<string> Domains =
        ["Fleet", "Model", "Repositories", "Shards", "Compute", "Circuits"];

    private static readonly ImmutableArray<string> Made = ["bin", "obj", "data", "results", "node_modules"];

    /// <summary>The folder of <c>Orleans.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All files with one of the endings, as paths from the root with <c>/</c>.</summary>
    public static ImmutableArray<SourceFile> Files(params string[] endings) =>
    [
        .. Walk(new DirectoryInfo(Root))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path)),
    ];

    /// <summary>Fails with all faults at once, one a line.</summary>
    public static void MustBeEmpty(IEnumerable<string> faults)
    {
        var all = faults.ToImmutableArray();
        if (all.Length > 0) Assert.Fail($"{all.Length} found:\n{string.Join('\n', all)}");
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(
            folder.EnumerateDirectories()
                .Where(inner => !inner.Name.StartsWith('.') && !Made.Contains(inner.Name))
                .SelectMany(Walk));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException($"No Orleans.sln above {AppContext.BaseDirectory}.");
    }
}

/// <summary>A file of the repository.</summary>
/// <param name="Path">From the root, with <c>/</c>.</param>
internal sealed record SourceFile(string Path)
{
    private string[]? _lines;

    public string[] Lines => _lines ??= File.ReadAllLines(System.IO.Path.Combine(SourceTree.Root, Path));

    public string Text => string.Join('\n', Lines);

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public string Project => Path.Split('/')[0];

    public override string ToString() => Path;
}

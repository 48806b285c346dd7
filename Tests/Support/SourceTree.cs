namespace Aedile.Tests.Support;

/// <summary>Where the repository under test lies on this machine.</summary>
public static class SourceTree
{
    /// <summary>The folder that holds <c>Orleans.sln</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        var chosen = Environment.GetEnvironmentVariable("AEDILE_SOURCE");
        if (chosen is not null) return chosen;
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No Orleans.sln above {start}; set AEDILE_SOURCE to the repository.");
    }
}

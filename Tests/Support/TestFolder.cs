namespace Aedile.Tests.Support;

/// <summary>A folder of a test's own, deleted with everything in it at the end.</summary>
public sealed class TestFolder : IDisposable
{
    /// <summary>Makes the folder.</summary>
    public TestFolder(string purpose) =>
        Path = Directory.CreateTempSubdirectory($"aedile-{purpose}-").FullName;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>A path inside it.</summary>
    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}

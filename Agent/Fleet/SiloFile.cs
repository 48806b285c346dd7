using System.Collections.Immutable;
using System.Text;
using Aedile.Agent.Identity;

namespace Aedile.Agent.Fleet;

/// <summary>
/// The silos that the last welcome named, kept through restarts: an agent that starts while those it was told of are
/// dead finds the others. Nothing depends on it: what can't be read is none, and what can't be written is not kept.
/// </summary>
internal sealed class SiloFile
{
    private readonly string _path;

    /// <summary>Reads it.</summary>
    /// <param name="folder">The agent's own.</param>
    public SiloFile(string folder)
    {
        _path = Path.Combine(folder, "silos");
        Kept = Read(_path);
    }

    /// <summary>What it held when it was read; empty for nothing.</summary>
    public ImmutableArray<Uri> Kept { get; private set; }

    /// <summary>Replaces what it holds; on disk when this returns.</summary>
    public void Keep(ImmutableArray<Uri> silos)
    {
        try
        {
            PrivateFile.Write(_path, Encoding.UTF8.GetBytes(string.Concat(silos.Select(silo => $"{silo}\n"))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The session goes on. A disk that fails is told of by the role that needs it.
        }
    }

    /// <summary>They may be of another fleet.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public void Forget()
    {
        File.Delete(_path);
        Kept = [];
    }

    private static ImmutableArray<Uri> Read(string path)
    {
        try
        {
            return File.Exists(path) ? [.. File.ReadAllLines(path).Select(Parse).OfType<Uri>()] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Uri? Parse(string line) =>
        Uri.TryCreate(line, UriKind.Absolute, out var silo) && silo.Scheme is "http" or "https" ? silo : null;
}

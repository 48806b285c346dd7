using System.Globalization;
using Aedile.Agent.Repositories;

namespace Aedile.Agent.Fleet;

/// <summary>
/// The highest session epoch that a silo ever gave this node, kept through restarts: even when the silos' database goes
/// back, no silo of the past can be obeyed again.
/// </summary>
internal sealed class EpochFile
{
    private readonly string _path;

    private EpochFile(string path, long highest) => (_path, Highest) = (path, highest);

    /// <summary>The highest; 0 for none.</summary>
    public long Highest { get; private set; }

    /// <summary>Reads it.</summary>
    /// <exception cref="StartException">It can't be read.</exception>
    public static EpochFile Open(string folder)
    {
        var path = Path.Combine(folder, "session-epoch");
        try
        {
            if (!File.Exists(path)) return new EpochFile(path, 0);
            var text = File.ReadAllText(path).Trim();
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var highest)
                ? new EpochFile(path, highest)
                : throw new StartException($"'{path}' should hold a number, not '{text}'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"'{path}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Whether a session with this epoch may be obeyed. If it is a new one, it is on disk when this returns.
    /// </summary>
    /// <param name="epoch">What the silo gives.</param>
    /// <param name="current">What the session had until now; null for none.</param>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public bool Accept(long epoch, long? current)
    {
        if (epoch <= Highest) return epoch == current && epoch == Highest;
        var temporary = _path + ".new";
        File.WriteAllText(temporary, epoch.ToString(CultureInfo.InvariantCulture));
        PosixSync.FlushFile(temporary);
        File.Move(temporary, _path, overwrite: true);
        PosixSync.FlushDirectory(Path.GetDirectoryName(_path)!);
        Highest = epoch;
        return true;
    }
}

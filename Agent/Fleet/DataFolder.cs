namespace Aedile.Agent.Fleet;

/// <summary>
/// The agent's folder, held against a second agent for as long as this process lives (an advisory lock).
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream lockFile) => (Path, _lock) = (path, lockFile);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Makes the folder when it is missing, and takes it.</summary>
    /// <exception cref="StartException">It can't be made, or another agent has it.</exception>
    public static DataFolder Take(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        var lockPath = System.IO.Path.Combine(path, "agent.held");
        try { Directory.CreateDirectory(path); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The data folder '{path}' can't be used: {e.Message}", e);
        }
        try
        {
            // The kernel drops the lock when the process dies, however it dies.
            var file = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(path, file);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartException($"The data folder '{path}' can't be used: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new StartException($"The data folder '{path}' is in use by another agent.", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}

namespace Aedile.Tests.Simulation;

/// <summary>
/// One machine's file system. Files are durable after a flush of the file, names after a flush of their folder; a power
/// loss takes from the rest as it likes. Killing a process loses nothing. No operation waits; the first failure of any
/// throws what the real file system's would.
/// </summary>
internal sealed class DiskImage
{
    // In order of their first change: a set's own order would not be the same in every process.
    private readonly List<DiskNode> _touched = [];
    private readonly HashSet<DiskNode> _known = [];
    private readonly DiskFolder _root = new();

    /// <summary>Whether there is something of that name.</summary>
    public bool Exists(string path) => Find(path) is not null;

    /// <summary>Whether there is a folder of that name.</summary>
    public bool IsFolder(string path) => Find(path) is DiskFolder;

    /// <summary>The file's bytes.</summary>
    public byte[] Read(string path) => File(path).Bytes.ToArray();

    /// <summary>The folder's names in ordinal order; empty when there is no such folder.</summary>
    public IReadOnlyList<(string Name, bool IsFolder)> List(string path) =>
        Find(path) is DiskFolder folder ? [.. folder.Names.Select(n => (n.Key, n.Value is DiskFolder))] : [];

    /// <summary>Makes a folder and those above it.</summary>
    public void CreateFolder(string path)
    {
        var folder = _root;
        foreach (var name in Split(path))
        {
            if (!folder.Names.TryGetValue(name, out var next)) Set(folder, name, next = new DiskFolder());
            folder = next as DiskFolder ?? throw new IOException($"'{path}': '{name}' is a file.");
        }
    }

    /// <summary>Makes an empty file; false where something is.</summary>
    public bool TryCreateNew(string path)
    {
        if (Exists(path)) return false;
        Open(path);
        return true;
    }

    /// <summary>The file of that name, made when it is missing.</summary>
    public DiskFile Open(string path)
    {
        switch (Find(path))
        {
            case DiskFile file: return Touch(file);
            case DiskFolder: throw new UnauthorizedAccessException($"'{path}' is a folder.");
        }
        var made = new DiskFile();
        Set(Parent(path), Path.GetFileName(path), made);
        return Touch(made);
    }

    /// <summary>Gives the file other bytes; makes it when it is missing.</summary>
    public void Write(string path, ReadOnlySpan<byte> content) => Open(path).Replace(content);

    /// <summary>Renames a file or folder; a file, or an empty folder, of the new name is replaced.</summary>
    public void Rename(string from, string to)
    {
        var source = Find(from) ?? throw new FileNotFoundException($"'{from}' does not exist.", from);
        switch (Find(to))
        {
            case DiskFolder { Names.Count: > 0 }: throw new IOException($"'{to}' is a folder that is not empty.");
            case DiskFolder when source is DiskFile: throw new IOException($"'{to}' is a folder.");
            case DiskFile when source is DiskFolder: throw new IOException($"'{to}' is a file.");
        }
        var (old, new_) = (Parent(from), Parent(to));
        DiskFolder.Move(old, Path.GetFileName(from), new_, Path.GetFileName(to));
        Touch(old);
        Touch(new_);
    }

    /// <summary>Deletes a file; a missing one is fine.</summary>
    public void DeleteFile(string path)
    {
        if (Find(path) is DiskFolder) throw new UnauthorizedAccessException($"'{path}' is a folder.");
        if (Find(path) is DiskFile) Set(Parent(path), Path.GetFileName(path), null);
    }

    /// <summary>Deletes a folder with all it holds; a missing one is fine.</summary>
    public void DeleteTree(string path)
    {
        if (Find(path) is not DiskFolder folder) return;
        foreach (var (name, isFolder) in List(path))
        {
            if (isFolder) DeleteTree(Path.Combine(path, name));
            else Set(folder, name, null);
        }
        Set(Parent(path), Path.GetFileName(path), null);
    }

    /// <summary>Makes a file's bytes durable.</summary>
    public void FlushFile(string path) => File(path).Flush();

    /// <summary>Makes a folder's names durable.</summary>
    public void FlushFolder(string path)
    {
        if (Find(path) is not DiskFolder folder) throw new DirectoryNotFoundException($"'{path}' is no folder.");
        folder.Flush();
    }

    /// <summary>The power goes and comes back: only what was flushed is sure to be there.</summary>
    public void LosePower(Chance chance)
    {
        var loss = new DiskLoss(chance);
        foreach (var node in _touched)
        {
            if (node is DiskFolder folder) folder.LosePower(chance, loss);
            if (node is DiskFile file) file.LosePower(chance);
        }
        foreach (var node in _touched) (node as DiskFolder)?.Restart();
        _touched.Clear();
        _known.Clear();
    }

    /// <summary>Every file below a folder, for checkers.</summary>
    public IEnumerable<string> FilesBelow(string path)
    {
        foreach (var (name, isFolder) in List(path))
        {
            var child = Path.Combine(path, name);
            if (!isFolder) yield return child;
            else
                foreach (var file in FilesBelow(child)) yield return file;
        }
    }

    private void Set(DiskFolder folder, string name, DiskNode? node)
    {
        folder.Set(name, node);
        Touch(folder);
    }

    private T Touch<T>(T node) where T : DiskNode
    {
        if (_known.Add(node)) _touched.Add(node);
        return node;
    }

    private DiskFile File(string path) => Find(path) as DiskFile
        ?? throw new FileNotFoundException($"'{path}' does not exist.", path);

    private DiskFolder Parent(string path) => Find(Path.GetDirectoryName(path)!) as DiskFolder
        ?? throw new DirectoryNotFoundException($"The folder of '{path}' does not exist.");

    private DiskNode? Find(string path)
    {
        DiskNode? node = _root;
        foreach (var name in Split(path))
            if (node is not DiskFolder folder || !folder.Names.TryGetValue(name, out node)) return null;
        return node;
    }

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}

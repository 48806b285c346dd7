using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// The steps on a replica's files that git doesn't do: flushing, moving a quarantine in, clearing leftovers.
/// </summary>
internal sealed class ReplicaDisk(IDisk disk, RoleStop stop)
{
    /// <summary>Makes a folder with all it holds durable, and its own name.</summary>
    public async Task FlushTree(string path)
    {
        await FlushBelow(path);
        await FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>
    /// Makes a commit's names durable: the folders of touched refs up to the repository (it holds packed-refs), and
    /// those that took objects. All at once and after all renames: the first flush writes the file system's log for
    /// the others too. Values are durable already: git flushes a ref's lock and packed-refs before it renames them.
    /// </summary>
    public async Task FlushCommit(string repository, IEnumerable<RefUpdate> updates, IEnumerable<string> objectFolders)
    {
        foreach (var folder in objectFolders) await FlushDirectory(folder);
        var folders = new SortedSet<string>(StringComparer.Ordinal) { repository };
        foreach (var update in updates)
        {
            var path = Path.Combine(repository, update.Name);
            // A deletion removes folders that became empty: the nearest that is left holds the change.
            for (var at = Path.GetDirectoryName(path)!; at.Length > repository.Length; at = Path.GetDirectoryName(at)!)
                if (!folders.Contains(at) && await disk.Exists(at)) folders.Add(at);
        }
        foreach (var folder in folders.Reverse()) await FlushDirectory(folder);
    }

    /// <summary>
    /// Makes durable what a fetch wrote: refs, HEAD and all names. Git has flushed its objects itself
    /// (<c>core.fsync</c>); quarantines are left out, for their files come and go under the hands of other children.
    /// </summary>
    public async Task FlushRepository(string repository)
    {
        foreach (var entry in await disk.List(repository))
        {
            var path = Path.Combine(repository, entry.Name);
            if (!entry.IsDirectory) await FlushFile(path);
            else if (entry.Name == "objects") await FlushFolders(path);
            else await FlushBelow(path);
        }
        await FlushDirectory(repository);
    }

    /// <summary>
    /// Moves a quarantine's objects into the repository and leaves the empty folders behind. What was moved before is
    /// skipped, so it may be repeated after a crash.
    /// </summary>
    /// <returns>
    /// The folders to flush: also those where nothing was left to move, because an earlier attempt may have died
    /// between moving and flushing.
    /// </returns>
    public async Task<IReadOnlyList<string>> MigrateObjects(string quarantine, string repository)
    {
        var objects = Path.Combine(repository, "objects");
        var touched = new List<string>();
        foreach (var folder in await disk.List(quarantine))
        {
            if (!folder.IsDirectory) continue;
            var from = Path.Combine(quarantine, folder.Name);
            var to = Path.Combine(objects, folder.Name);
            var files = await disk.List(from);
            if (files.Count > 0) await disk.CreateDirectory(to);
            // An index makes its pack visible, so it comes last.
            foreach (var file in files.OrderBy(f => f.Name.EndsWith(".idx", StringComparison.Ordinal)))
                await Move(Path.Combine(from, file.Name), Path.Combine(to, file.Name));
            if (await disk.Exists(to)) touched.Add(to);
        }
        touched.Add(objects);
        return touched;
    }

    /// <summary>Deletes lock files and half-written packed refs. Only when no git child can still own them.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> DeleteLocks(string repository)
    {
        var deleted = 0;
        foreach (var entry in await disk.List(repository))
        {
            var path = Path.Combine(repository, entry.Name);
            if (entry is { IsDirectory: true, Name: "refs" }) deleted += await DeleteLocksBelow(path);
            // Git creates packed-refs.new exclusively: one left behind would refuse every deletion for ever.
            else if (!entry.IsDirectory && (IsLock(entry.Name) || entry.Name == "packed-refs.new"))
            {
                await disk.DeleteFile(path);
                deleted++;
            }
        }
        return deleted;
    }

    /// <summary>Deletes every quarantine that <paramref name="isKept"/> doesn't claim.</summary>
    public async Task DeleteQuarantines(string repository, Func<string, bool> isKept)
    {
        var objects = Path.Combine(repository, "objects");
        foreach (var entry in await disk.List(objects))
        {
            var path = Path.Combine(objects, entry.Name);
            if (IsQuarantine(entry.Name) && !isKept(path))
                await disk.DeleteTree(path);
        }
    }

    /// <summary>Fsync of a directory; a disk that refuses it stops the role.</summary>
    public async Task FlushDirectory(string path)
    {
        try { await disk.FlushDirectory(path); }
        catch (IOException e)
        {
            stop($"'{path}' could not be flushed", e);
            throw;
        }
    }

    private async Task FlushFile(string path)
    {
        try { await disk.FlushFile(path); }
        catch (IOException e)
        {
            stop($"'{path}' could not be flushed", e);
            throw;
        }
    }

    private async Task FlushBelow(string folder)
    {
        foreach (var entry in await disk.List(folder))
        {
            var path = Path.Combine(folder, entry.Name);
            if (entry.IsDirectory) await FlushBelow(path);
            else await FlushFile(path);
        }
        await FlushDirectory(folder);
    }

    private async Task FlushFolders(string folder)
    {
        foreach (var entry in await disk.List(folder))
            if (entry.IsDirectory && !IsQuarantine(entry.Name)) await FlushFolders(Path.Combine(folder, entry.Name));
        await FlushDirectory(folder);
    }

    private async Task Move(string from, string to)
    {
        // Objects are named by their content: one that exists is the same, and may be in use.
        if (await disk.Exists(to)) await disk.DeleteFile(from);
        else await disk.Rename(from, to);
    }

    private async Task<int> DeleteLocksBelow(string folder)
    {
        var deleted = 0;
        foreach (var entry in await disk.List(folder))
        {
            var path = Path.Combine(folder, entry.Name);
            if (entry.IsDirectory) deleted += await DeleteLocksBelow(path);
            else if (IsLock(entry.Name))
            {
                await disk.DeleteFile(path);
                deleted++;
            }
        }
        return deleted;
    }

    private static bool IsQuarantine(string name) => name.StartsWith("incoming-", StringComparison.Ordinal);

    private static bool IsLock(string name) => name.EndsWith(".lock", StringComparison.Ordinal);
}

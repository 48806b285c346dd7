using System.Collections.Immutable;
using System.Text;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>
/// One transaction of <c>git update-ref --stdin</c> (refs/files-backend.c): locks and flushed values at prepare; at
/// commit one rename after another, then deletions, packed first. No folder is flushed.
/// </summary>
internal sealed class RefTransaction(SimulatedDisk disk, DiskImage image, string repository, string? quarantine)
{
    private readonly List<string> _locks = [];
    private readonly RefFiles _files = new(image, repository);
    private ImmutableArray<RefUpdate> _updates = [];
    private bool _isPackedRewritten;

    private string PackedPath => Path.Combine(repository, "packed-refs");

    /// <summary>Checks and locks; null when all are held, else git's reason, and nothing is held.</summary>
    public async Task<string?> Prepare(ImmutableArray<RefUpdate> updates)
    {
        _updates = updates;
        foreach (var update in updates)
        {
            if (await Lock(update) is not { } refusal) continue;
            await Abort();
            return refusal;
        }
        if (!updates.Any(u => u.IsDelete)) return null;
        if (await Hold(PackedPath) is not { } taken) return await PreparePacked();
        await Abort();
        return taken;
    }

    /// <summary>Moves the refs.</summary>
    public async Task Commit()
    {
        foreach (var update in _updates.Where(u => !u.IsDelete))
        {
            var path = PathOf(update);
            // Git removes empty folders that are in the way of a ref.
            if (image.IsFolder(path) && !image.FilesBelow(path).Any()) await disk.DeleteTree(path);
            await disk.Rename(path + ".lock", path);
            _locks.Remove(path);
        }
        if (_isPackedRewritten) await disk.Rename(PackedPath + ".new", PackedPath);
        await LetGo(PackedPath);
        foreach (var update in _updates.Where(u => u.IsDelete))
        {
            await disk.DeleteFile(PathOf(update));
            await LetGo(PathOf(update));
            await DeleteEmptyFolders(update);
        }
    }

    /// <summary>Lets go of every lock.</summary>
    public async Task Abort()
    {
        if (_isPackedRewritten) await disk.DeleteFile(PackedPath + ".new");
        foreach (var path in _locks.ToList()) await LetGo(path);
    }

    private async Task<string?> Lock(RefUpdate update)
    {
        var path = PathOf(update);
        var refs = _files.List();
        if (Conflict(update, refs) is { } other) return $"cannot lock ref '{update.Name}': '{other}' exists";
        await disk.CreateDirectory(Path.GetDirectoryName(path)!);
        if (await Hold(path) is { } taken) return taken;
        var value = _files.List().GetValueOrDefault(update.Name, RefUpdate.Zero);
        if (value != update.Old) return $"cannot lock ref '{update.Name}': is at {value} but expected {update.Old}";
        if (update.IsDelete) return null;
        if (!new ObjectStore(image, repository, quarantine).All.ContainsKey(update.New))
            return $"trying to write ref '{update.Name}' with nonexistent object {update.New}";
        await disk.Write(path + ".lock", Encoding.ASCII.GetBytes(update.New + "\n"));
        await disk.FlushFile(path + ".lock");
        return null;
    }

    private async Task<string?> PreparePacked()
    {
        var packed = _files.Packed();
        var before = packed.Count;
        foreach (var update in _updates.Where(u => u.IsDelete)) packed.Remove(update.Name);
        if (packed.Count == before) return null;
        if (image.Exists(PackedPath + ".new"))
        {
            await Abort();
            return $"unable to create '{PackedPath}.new': File exists";
        }
        _isPackedRewritten = true;
        await _files.WriteNew(disk, packed);
        return null;
    }

    private string? Conflict(RefUpdate update, SortedDictionary<string, string> refs) =>
        update.IsDelete
            ? null
            : refs.Keys.Concat(_updates.Where(u => !u.IsDelete).Select(u => u.Name)).FirstOrDefault(n =>
            n.StartsWith(update.Name + "/", StringComparison.Ordinal)
            || update.Name.StartsWith(n + "/", StringComparison.Ordinal));

    private async Task<string?> Hold(string path)
    {
        if (!await disk.TryCreateNew(path + ".lock")) return $"Unable to create '{path}.lock': File exists.";
        _locks.Add(path);
        return null;
    }

    private async Task LetGo(string path)
    {
        if (_locks.Remove(path)) await disk.DeleteFile(path + ".lock");
    }

    private async Task DeleteEmptyFolders(RefUpdate update)
    {
        var keep = Path.Combine(repository, "refs").Length + 1;
        var at = Path.GetDirectoryName(PathOf(update))!;
        for (; at.LastIndexOf('/') > keep; at = Path.GetDirectoryName(at)!)
            if (image.IsFolder(at) && image.List(at).Count == 0) await disk.DeleteTree(at);
    }

    private string PathOf(RefUpdate update) => Path.Combine(repository, update.Name);
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>
/// Stock git as the storage role uses it, on a simulated disk: it leaves the same files in the same order, flushes what
/// <c>core.fsync</c> makes it flush and no folder, and its children die a little after the agent.
/// </summary>
internal sealed class SimulatedGit(Machine machine, Seam agent, IFetchWire wire) : IGit
{
    private const string Zero = RefUpdate.Zero;
    private readonly SimulatedDisk _disk = new(machine.Image, agent);

    public async Task InitBare(string repository, string defaultBranch, CancellationToken cancellation)
    {
        await _disk.CreateDirectory(repository);
        foreach (var folder in (string[])["objects/info", "objects/pack", "refs/heads", "refs/tags"])
            await _disk.CreateDirectory(Path.Combine(repository, folder));
        await WriteAtomically("config", "[core]\n\tbare = true\n");
        await WriteAtomically("HEAD", $"ref: {defaultBranch}\n");

        async Task WriteAtomically(string name, string content)
        {
            var path = Path.Combine(repository, name);
            await _disk.Write(path + ".lock", Encoding.UTF8.GetBytes(content));
            await _disk.Rename(path + ".lock", path);
        }
    }

    public async Task<StageReply> ReceivePack(
        string repository, string quarantine, PipeReader pack, long sizeMax, CancellationToken cancellation)
    {
        var read = await pack.ReadAtLeastAsync(int.MaxValue, cancellation);
        var bytes = read.Buffer.ToArray();
        pack.AdvanceTo(read.Buffer.End);
        if (SimulatedPack.Parse(bytes) is not { } parsed) throw new PackRejectedException("The pack is malformed.");
        await WritePack(_disk, quarantine, bytes, parsed.Checksum, cancellation);
        return new StageReply(parsed.Checksum, parsed.Objects.Count);
    }

    public async Task CheckConnectivity(
        string repository, string? quarantine, IReadOnlyCollection<string> tips, CancellationToken cancellation)
    {
        await agent.Enter("connectivity", repository);
        var objects = new ObjectStore(machine.Image, repository, quarantine);
        foreach (var tip in tips)
            if (objects.FirstMissing(tip) is { } missing)
                throw new PackRejectedException($"Object {missing} is missing.");
    }

    public async Task<IRefSession> BeginRefs(string repository, string? quarantine, CancellationToken cancellation)
    {
        await agent.Enter("begin-refs", repository);
        return new SimulatedRefSession(machine.StartGit(), machine.Image, repository, quarantine);
    }

    public async Task<IReadOnlyList<GitRef>> ListRefs(string repository, CancellationToken cancellation)
    {
        await agent.Enter("list-refs", repository);
        return [.. new RefFiles(machine.Image, repository).List().Select(r => new GitRef(r.Key, r.Value))];
    }

    public async Task<string?> ReadHead(string repository, CancellationToken cancellation)
    {
        await agent.Enter("read-head", repository);
        var path = Path.Combine(repository, "HEAD");
        if (!machine.Image.Exists(path)) return null;
        var text = Encoding.UTF8.GetString(machine.Image.Read(path));
        return text.StartsWith("ref: ", StringComparison.Ordinal) && text.EndsWith('\n') ? text[5..^1] : null;
    }

    public async Task SetHead(string repository, string branch, CancellationToken cancellation)
    {
        var path = Path.Combine(repository, "HEAD");
        await agent.Enter("set-head", path);
        if (machine.Image.Exists(path + ".lock")) throw new GitException("HEAD.lock: File exists");
        await _disk.Write(path + ".lock", Encoding.UTF8.GetBytes($"ref: {branch}\n"));
        await _disk.Rename(path + ".lock", path);
    }

    public async Task Mirror(
        string repository, MirrorSource source, Func<GitChild, Task> started, CancellationToken cancellation)
    {
        var child = machine.StartGit();
        try
        {
            await started(child.Identity);
            await child.Run(() => Fetch(child, repository, source)).WaitAsync(cancellation);
        }
        finally
        {
            child.Kill();
        }
    }

    public async Task WaitUntilGone(GitChild child, CancellationToken cancellation)
    {
        await agent.Enter("wait-until-gone", $"{child.Pid}");
        while (machine.IsRunning(child)) await agent.Process.Time.Wait(TimeSpan.FromMilliseconds(1));
    }

    private async Task Fetch(GitProcess child, string repository, MirrorSource source)
    {
        var disk = new SimulatedDisk(machine.Image, child.Seam);
        var (refs, pack) = await wire.Fetch(child.Seam.Process, source.Repository, source.Wanted);
        var parsed = SimulatedPack.Parse(pack) ?? throw new GitException("The fetched pack is malformed.");
        await WritePack(disk, Path.Combine(repository, "objects"), pack, parsed.Checksum, CancellationToken.None);

        var own = new RefFiles(machine.Image, repository).List();
        var deleted = own.Keys.Where(name => !refs.ContainsKey(name)).Select(n => new RefUpdate(n, own[n], Zero));
        var moved = refs.Where(r => own.GetValueOrDefault(r.Key) != r.Value)
            .Select(r => new RefUpdate(r.Key, own.GetValueOrDefault(r.Key, Zero), r.Value));
        var steps = source.Way is MirrorWay.Atomic
            ? (IReadOnlyList<IEnumerable<RefUpdate>>)[[.. deleted, .. moved]]
            : [[.. deleted], [.. moved]];
        foreach (var step in steps)
        {
            var transaction = new RefTransaction(disk, machine.Image, repository, null);
            if (await transaction.Prepare([.. step]) is { } refusal) throw new GitException(refusal);
            await transaction.Commit();
        }
        if (machine.Chance.OneIn(4)) await new RefFiles(machine.Image, repository).Pack(disk);
    }

    private static async Task WritePack(
        SimulatedDisk disk, string objects, byte[] bytes, string checksum, CancellationToken cancellation)
    {
        var folder = Path.Combine(objects, "pack");
        await disk.CreateDirectory(folder);
        foreach (var kind in (string[])["pack", "idx"])
        {
            cancellation.ThrowIfCancellationRequested();
            var temporary = Path.Combine(folder, $"tmp_{kind}_{checksum[..6]}");
            await disk.Write(temporary, kind == "pack" ? bytes : Encoding.UTF8.GetBytes(checksum));
            await disk.FlushFile(temporary);
            await disk.Rename(temporary, Path.Combine(folder, $"pack-{checksum}.{kind}"));
        }
    }
}

/// <summary>How a fetch reaches the node it fetches from.</summary>
internal interface IFetchWire
{
    /// <summary>The refs and all objects of a repository at a version.</summary>
    /// <exception cref="GitException">The source refused or could not be reached.</exception>
    Task<(SortedDictionary<string, string> Refs, byte[] Pack)> Fetch(
        SimulatedProcess caller, Uri repository, ReplicaVersion wanted);
}

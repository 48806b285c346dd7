using System.Collections.Immutable;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Support;

/// <summary>Looks at replicas on disk with git itself, past all of Aedile's own code.</summary>
public static class ReplicaFolders
{
    /// <summary>The bare repository of a replica; null when the node has none.</summary>
    public static string? Find(this EmbeddedFleet fleet, string node, RepositoryId id)
    {
        var root = System.IO.Path.Combine(fleet.Data, "agents", node);
        if (!Directory.Exists(root)) return null;
        return Directory.EnumerateFiles(root, "HEAD", new EnumerationOptions { RecurseSubdirectories = true })
            .Select(System.IO.Path.GetDirectoryName)
            .FirstOrDefault(d => d!.Contains(id.Value, StringComparison.Ordinal)
                && Directory.Exists(System.IO.Path.Combine(d, "objects")));
    }

    /// <summary>Refs of a replica as lines, HEAD's target first.</summary>
    public static async Task<string> Refs(string folder)
    {
        var head = await Git(folder, "symbolic-ref", "HEAD");
        return head + await Git(folder, "for-each-ref", "--format=%(objectname) %(refname)");
    }

    /// <summary>
    /// Refs that all up-to-date replicas have on disk. The test fails unless they agree with each other, in refs and in
    /// checksum, and there is one at least.
    /// </summary>
    public static async Task<string> AgreedRefs(this EmbeddedFleet fleet, RepositoryId id)
    {
        var repository = await fleet.Api.Get(id);
        var current = repository.Replicas.Where(r => r.UpToDate).ToImmutableArray();
        Assert.True(current.Length > 0, "No replica is up to date.");
        Assert.Single(current.Select(r => (r.Generation, r.Checksum)).Distinct());
        var refs = new HashSet<string>();
        foreach (var replica in current)
        {
            var folder = fleet.Find(replica.Node.Value, id);
            Assert.True(folder is not null, $"{replica.Node} reports a replica that is not on its disk.");
            refs.Add(await Refs(folder));
        }
        return Assert.Single(refs);
    }

    /// <summary>Waits until every replica of the repository is healthy and up to date, and agrees on disk.</summary>
    public static Task<string> WhenAllUpToDate(this EmbeddedFleet fleet, RepositoryId id, TimeSpan? limit = null) =>
        Eventually.Value($"all replicas of {id} are up to date", limit ?? TimeSpan.FromSeconds(30), async () =>
        {
            var repository = await fleet.Api.Get(id);
            return repository.Replicas.All(r => r is { UpToDate: true, Healthy: true })
                ? await fleet.AgreedRefs(id) : null;
        });

    /// <summary>Fails the test unless <c>git fsck</c> is content with every replica.</summary>
    public static async Task MustBeSound(this EmbeddedFleet fleet, RepositoryId id)
    {
        foreach (var agent in fleet.Agents())
            if (fleet.Find(agent.Name, id) is { } folder)
                await Git(folder, "fsck", "--full", "--strict", "--no-dangling", "--no-progress");
    }

    /// <summary>
    /// Waits until no lock file, quarantine or half-written pack of the repository is left: an abort cleans up behind
    /// the client's back, and a node that could not be told keeps a staged pack for its lease of 30 s.
    /// </summary>
    public static Task WhenClean(this EmbeddedFleet fleet, RepositoryId id) =>
        Eventually.True("nothing is left over", TimeSpan.FromSeconds(45), () =>
        {
            var left = fleet.Leftovers(id);
            if (left.Length == 0) return Task.FromResult(true);
            throw new IOException($"{left.Length} entries, as in\n{string.Join('\n', left.Take(5))}");
        });

    private static ImmutableArray<string> Leftovers(this EmbeddedFleet fleet, RepositoryId id)
    {
        var deep = new EnumerationOptions { RecurseSubdirectories = true };
        var agents = System.IO.Path.Combine(fleet.Data, "agents");
        return
        [
            .. Directory.EnumerateFileSystemEntries(agents, "*", deep)
                .Where(path => path.Contains(id.Value, StringComparison.Ordinal) && IsLeftover(path)),
        ];
    }

    private static bool IsLeftover(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        var inRepository = path.Contains("/refs/", StringComparison.Ordinal)
            || path.Contains("/objects/", StringComparison.Ordinal)
            || name is "HEAD.lock" or "packed-refs.lock" or "config.lock" or "packed-refs.new";
        return (inRepository && name.EndsWith(".lock", StringComparison.Ordinal))
            || name.StartsWith("incoming-", StringComparison.Ordinal)
            || name.StartsWith("tmp_", StringComparison.Ordinal)
            || name.StartsWith("quarantine-", StringComparison.Ordinal);
    }

    private static async Task<string> Git(string folder, params string[] arguments)
    {
        var git = new Command("git", ["--git-dir", folder, "-c", "safe.directory=*", .. arguments])
        {
            Variables = ImmutableDictionary<string, string>.Empty.Add("GIT_CONFIG_NOSYSTEM", "1").Add("LC_ALL", "C"),
        };
        return (await git.Run()).MustSucceed().Output;
    }
}

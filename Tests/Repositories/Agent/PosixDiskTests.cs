using Aedile.Agent.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Goal: what the disk says is done, is done.</summary>
public sealed class PosixDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aedile-disk-").FullName;

    [Fact]
    public async Task Tree_that_two_delete_at_once_is_gone_when_either_says_so()
    {
        var disk = new PosixDisk();
        for (var round = 0; round < 20; round++)
        {
            var tree = Path.Combine(_folder, $"{round}");
            for (var sub = 0; sub < 200; sub++)
            {
                var folder = Directory.CreateDirectory(Path.Combine(tree, $"{sub:x2}")).FullName;
                File.WriteAllBytes(Path.Combine(folder, "object"), []);
            }
            var (done, left) = (new Task[2], new bool[2]);
            var deleting = Enumerable.Range(0, left.Length).Select(i => new Thread(() =>
            {
                done[i] = disk.DeleteTree(tree).AsTask();
                left[i] = Directory.Exists(tree);
            })).ToList();
            deleting.ForEach(thread => thread.Start());
            deleting.ForEach(thread => thread.Join());
            await Task.WhenAll(done);
            Assert.DoesNotContain(true, left);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

using Aedile.Agent.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Goal: refs read from their files are what stock git lists, or are left to git.</summary>
public sealed class RefFolderTests : IAsyncLifetime
{
    private GitWork _work = null!;
    private string _first = "";
    private string _second = "";

    private string Repository => Path.Combine(_work.Path, ".git");

    public async ValueTask InitializeAsync()
    {
        _work = await GitWork.Init("unused");
        _first = await _work.Commit("first");
        _second = await _work.Commit("second");
    }

    public ValueTask DisposeAsync()
    {
        _work.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Loose_packed_moved_and_deleted_refs_are_listed_as_git_does()
    {
        string[] names = ["heads/a", "heads/a-b", "heads/deep/er/one", "heads/grün", "tags/t", "heads/gone"];
        foreach (var name in names)
            await _work.Ok("update-ref", "refs/" + name, _first);
        await _work.Ok("tag", "-a", "-m", "annotated", "annotated");
        await MustEqualGit();
        await _work.Ok("pack-refs", "--all");
        await MustEqualGit();
        await _work.Ok("update-ref", "refs/heads/a", _second);
        await _work.Ok("update-ref", "-d", "refs/heads/gone");
        await _work.Ok("update-ref", "refs/heads/deep/er/two", _second);
        await File.WriteAllTextAsync(Path.Combine(Repository, "refs/heads/held.lock"), "");
        await MustEqualGit();
    }

    [Theory]
    [InlineData("refs/heads/link", "ref: refs/heads/main\n")]
    [InlineData("refs/heads/empty", "")]
    [InlineData("refs/heads/zero", "0000000000000000000000000000000000000000\n")]
    [InlineData("refs/heads/.odd", "1111111111111111111111111111111111111111\n")]
    [InlineData("packed-refs", "nonsense\n")]
    public async Task What_is_not_plain_is_left_to_git(string file, string content)
    {
        await File.WriteAllTextAsync(Path.Combine(Repository, file), content);
        Assert.Null(RefFolder.TryList(Repository));
    }

    [Fact]
    public void Folder_that_is_not_there_is_left_to_git() => Assert.Null(RefFolder.TryList("/nonexistent"));

    private async Task MustEqualGit()
    {
        var text = await _work.Ok("for-each-ref", "--format=%(objectname) %(refname)");
        var listed = RefFolder.TryList(Repository)!.Select(r => $"{r.Value} {r.Name}");
        Assert.Equal(text.Split('\n'), listed);
    }
}

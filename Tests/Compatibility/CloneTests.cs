using System.Net.Http.Json;
using Aedile.Client;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Compatibility;

/// <summary>Goal: every way in which stock git reads a repository.</summary>
[Collection<SharedFleet>]
public sealed class CloneTests(ThreeAgentFleet fleet)
{
    private async Task<GitWork> FiveCommits(string path)
    {
        var (_, work) = await fleet.NewRepository(path);
        foreach (var message in (string[])["second", "third", "fourth", "fifth"]) await work.Commit(message);
        await work.Ok("push", "-q", "origin", "main");
        return work;
    }

    [Fact(Timeout = 120_000)]
    public async Task A_shallow_clone_deepens_becomes_whole_and_can_be_pushed_from()
    {
        using var work = await FiveCommits("clone/shallow");
        using var clone = await GitWork.Clone(fleet.GitUrl("clone/shallow"), "--depth", "1");
        Assert.Equal("1", await clone.Ok("rev-list", "--count", "HEAD"));
        await clone.Commit("from-shallow");
        await clone.Ok("push", "origin", "main:shallow");
        await clone.Ok("reset", "-q", "--hard", "origin/main");
        await clone.Ok("fetch", "-q", "--deepen", "2");
        Assert.Equal("3", await clone.Ok("rev-list", "--count", "HEAD"));
        await clone.Ok("fetch", "-q", "--unshallow");
        Assert.Equal("5", await clone.Ok("rev-list", "--count", "HEAD"));
        Assert.Equal(await work.Head(), await clone.Head());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_partial_clone_fetches_its_blobs_when_they_are_wanted()
    {
        using var work = await FiveCommits("clone/partial");
        using var clone = await GitWork.Clone(fleet.GitUrl("clone/partial"), "--filter=blob:none", "--no-checkout");
        var objects = await clone.Ok("rev-list", "--objects", "--all", "--missing=print");
        Assert.Equal(5, objects.Split('\n').Count(line => line.StartsWith('?')));
        await clone.Ok("checkout", "-q", "main");
        Assert.Equal("fifth\n", await File.ReadAllTextAsync(Path.Combine(clone.Path, "fifth")));
    }

    [Fact(Timeout = 120_000)]
    public async Task Fetch_and_pull_bring_only_what_is_new()
    {
        using var work = await FiveCommits("clone/fetch");
        using var clone = await GitWork.Clone(fleet.GitUrl("clone/fetch"));
        await work.Commit("sixth");
        await work.Ok("push", "-q", "origin", "main", "main:side");
        var fetch = (await clone.Git("fetch", "--progress", "origin")).MustSucceed();
        Assert.Contains("Total 3", fetch.Text, StringComparison.Ordinal);
        await clone.Ok("pull", "-q", "--ff-only", "origin", "main");
        Assert.Equal(await work.Head(), await clone.Head());
        await work.Ok("push", "-q", "origin", "--delete", "side");
        await clone.Ok("fetch", "-q", "--prune", "origin");
        Assert.Equal("origin/HEAD\norigin/main",
            await clone.Ok("for-each-ref", "--format=%(refname:lstrip=2)", "refs/remotes"));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_protocol_version_lists_clones_fetches_and_pushes(int version)
    {
        var path = $"clone/protocol-{version}";
        using var work = await FiveCommits(path);
        var protocol = $"protocol.version={version}";
        using var clone = await GitWork.Clone(fleet.GitUrl(path), "-c", protocol);
        Assert.Equal(await work.Head(), await clone.Head());
        var list = (await clone.Git("ls-remote", "--symref", "origin")).MustSucceed().Output;
        Assert.StartsWith("ref: refs/heads/main\tHEAD\n", list, StringComparison.Ordinal);
        await clone.Commit("by-version");
        await clone.Ok("push", "-q", "origin", "main");
        await work.Ok("-c", protocol, "fetch", "-q", "origin");
        Assert.Equal(await clone.Head(), await work.Head("origin/main"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_long_request_comes_compressed()
    {
        var (_, work) = await fleet.NewRepository("clone/gzip");
        using var __ = work;
        await work.ManyBranches("b", 60);
        await work.Ok("push", "-q", "origin", "--all");
        using var clone = await GitWork.Init(fleet.GitUrl("clone/gzip"));
        var fetch = clone.In(clone.Path, "-c", "protocol.version=0", "fetch", "-q", "origin");
        var trace = fetch.Variables.Add("GIT_TRACE_CURL", "1").Add("GIT_TRACE_CURL_NO_DATA", "1");
        fetch = fetch with { Variables = trace };
        var result = (await fetch.Run()).MustSucceed();
        Assert.Contains("Content-Encoding: gzip", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(61, (await clone.Ok("for-each-ref", "refs/remotes")).Split('\n').Length);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_commit_that_is_not_there_is_refused_in_gits_own_words()
    {
        using var work = await FiveCommits("clone/absent");
        foreach (var version in (string[])["0", "2"])
        {
            var fetch = await work.Git(
                "-c", $"protocol.version={version}", "fetch", "origin", new string('a', 40));
            fetch.MustFail("not our ref");
            Assert.DoesNotContain("RPC failed", fetch.Text, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task An_empty_repository_is_cloned_on_its_default_branch()
    {
        using var answer = await fleet.Api.Http.PostAsJsonAsync(
            "/v1/repositories", new CreateRepositoryRequest("default", "clone/empty", "trunk"), Wire.Json);
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
        using var clone = await GitWork.Clone(fleet.GitUrl("clone/empty"));
        Assert.Equal("refs/heads/trunk", await clone.Ok("symbolic-ref", "HEAD"));
        await clone.Commit("first");
        await clone.Ok("push", "-q", "origin", "trunk", "trunk:aside");
        using var again = await GitWork.Clone(fleet.GitUrl("clone/empty"));
        Assert.Equal("refs/heads/trunk", await again.Ok("symbolic-ref", "HEAD"));
        Assert.Equal(await clone.Head(), await again.Head());
    }

    [Fact(Timeout = 120_000)]
    public async Task Mirrors_and_single_branches_are_cloned()
    {
        using var work = await FiveCommits("clone/mirror");
        await work.Ok("tag", "v1");
        await work.Ok("push", "-q", "origin", "v1", "main~2:refs/heads/old");
        using var mirror = await GitWork.Clone(fleet.GitUrl("clone/mirror"), "--mirror");
        Assert.Equal("refs/heads/main\nrefs/heads/old\nrefs/tags/v1",
            await mirror.Ok("for-each-ref", "--format=%(refname)"));
        using var single = await GitWork.Clone(
            fleet.GitUrl("clone/mirror"), "--single-branch", "--branch", "old", "--no-tags");
        Assert.Equal("3", await single.Ok("rev-list", "--count", "--all"));
    }
}

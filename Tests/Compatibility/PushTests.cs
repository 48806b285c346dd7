using Aedile.Tests.Support;

namespace Aedile.Tests.Compatibility;

/// <summary>Goal: whatever stock git can push, it can push here, with git's own words where it can't.</summary>
[Collection<SharedFleet>]
public sealed class PushTests(ThreeAgentFleet fleet)
{
    [Fact(Timeout = 120_000)]
    public async Task First_push_is_on_all_replicas_and_comes_back_with_a_clone()
    {
        var (repository, work) = await fleet.NewRepository("push/first");
        using var _ = work;
        using var clone = await GitWork.Clone(fleet.GitUrl("push/first"));
        Assert.Equal(await work.Head(), await clone.Head());
        Assert.Equal("first\n", await File.ReadAllTextAsync(Path.Combine(clone.Path, "first")));
        var refs = await fleet.WhenAllUpToDate(repository.Id);
        Assert.Equal($"refs/heads/main\n{await work.Head()} refs/heads/main\n", refs);
        Assert.Equal(3, (await fleet.Api.Get(repository.Id)).Replicas.Length);
    }

    [Fact(Timeout = 120_000)]
    public async Task Branches_and_tags_are_created_moved_and_deleted()
    {
        var (repository, work) = await fleet.NewRepository("push/refs");
        using var _ = work;
        await work.Ok("tag", "-a", "v1", "-m", "one");
        await work.Ok("push", "origin", "main:topic", "main:topic-x", "v1");
        await work.Commit("second");
        await work.Ok("push", "origin", "main", "main:topic");
        var refs = await work.RemoteRefs();
        Assert.Equal(await work.Head(), refs["refs/heads/topic"]);
        Assert.Equal(await work.Head("v1"), refs["refs/tags/v1"]);
        Assert.Equal(await work.Head("v1^{commit}"), refs["refs/tags/v1^{}"]);

        await work.Ok("push", "origin", "--delete", "topic", "v1");
        Assert.Equal(["HEAD", "refs/heads/main", "refs/heads/topic-x"], (await work.RemoteRefs()).Keys);
        await fleet.WhenAllUpToDate(repository.Id);
    }

    [Fact(Timeout = 120_000)]
    public async Task History_is_rewritten_only_by_force_and_with_a_lease_only_if_nobody_was_there()
    {
        var (_, work) = await fleet.NewRepository("push/force");
        using var __ = work;
        using var other = await GitWork.Clone(fleet.GitUrl("push/force"));
        await work.Ok("commit", "-q", "--amend", "-m", "rewritten");
        (await work.Git("push", "origin", "main")).MustFail("[rejected]", "non-fast-forward");
        await work.Ok("push", "--force", "origin", "main");
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);

        await other.Ok("commit", "-q", "--amend", "-m", "again");
        (await other.Git("push", "--force-with-lease", "origin", "main")).MustFail("stale info");
        await other.Ok("push", $"--force-with-lease=main:{await work.Head()}", "origin", "main");
        Assert.Equal(await other.Head(), (await work.RemoteRefs())["refs/heads/main"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_current_branch_cannot_be_deleted()
    {
        var (_, work) = await fleet.NewRepository("push/current");
        using var __ = work;
        (await work.Git("push", "origin", "--delete", "main")).MustFail("[remote rejected]", "current branch");
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_atomic_push_with_one_stale_ref_changes_none_and_a_plain_one_the_others()
    {
        var (_, work) = await fleet.NewRepository("push/atomic");
        using var __ = work;
        await work.Ok("push", "origin", "main:shared");
        using var other = await GitWork.Clone(fleet.GitUrl("push/atomic"));
        await work.Commit("theirs");
        await work.Ok("push", "origin", "HEAD:shared");
        var before = await work.RemoteRefs();

        await other.Commit("ours");
        (await other.Git("push", "--atomic", "origin", "HEAD:new", "HEAD:shared")).MustFail("[rejected]");
        Assert.Equal(before, await work.RemoteRefs());
        (await other.Git("push", "origin", "HEAD:new", "HEAD:shared")).MustFail("fetch first");
        Assert.Equal(before.Add("refs/heads/new", await other.Head()), await work.RemoteRefs());

        await work.Ok("push", "--atomic", "origin", "HEAD:main", "HEAD:one", "HEAD:two");
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/two"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Push_options_are_taken()
    {
        var (_, work) = await fleet.NewRepository("push/options");
        using var __ = work;
        await work.Commit("second");
        await work.Ok("push", "-o", "ci.skip", "--push-option=reviewer=nobody", "origin", "main");
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_name_below_a_branch_of_the_same_name_is_refused_by_name_alone()
    {
        var (repository, work) = await fleet.NewRepository("push/conflict");
        using var __ = work;
        var push = await work.Git("push", "origin", "main:main/below", "main:beside");
        push.MustFail("[remote rejected]", "main/below");
        Assert.Equal(["HEAD", "refs/heads/beside", "refs/heads/main"], (await work.RemoteRefs()).Keys);
        await fleet.WhenAllUpToDate(repository.Id);
        await fleet.WhenClean(repository.Id);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_push_that_changes_nothing_says_so()
    {
        var (repository, work) = await fleet.NewRepository("push/nothing");
        using var __ = work;
        var before = (await fleet.Api.Get(repository.Id)).Generation;
        Assert.Contains("Everything up-to-date", (await work.Git("push", "origin", "main")).MustSucceed().Text,
            StringComparison.Ordinal);
        Assert.Equal(before, (await fleet.Api.Get(repository.Id)).Generation);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_transaction_id_that_git_shows_names_the_outcome()
    {
        var (repository, work) = await fleet.NewRepository("push/outcome");
        using var __ = work;
        await work.Commit("second");
        var push = (await work.Git("push", "origin", "main")).MustSucceed();
        var outcome = await fleet.Api.Transaction(repository.Id, PushText.Transaction(push.Text)!);
        Assert.Equal("committed", outcome.Outcome);
        Assert.Equal((await fleet.Api.Get(repository.Id)).Generation, outcome.Generation);
    }
}

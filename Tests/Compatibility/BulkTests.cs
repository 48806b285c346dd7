using Aedile.Tests.Support;

namespace Aedile.Tests.Compatibility;

/// <summary>Goal: many refs, much data, many clients at once.</summary>
[Collection<SharedFleet>]
public sealed class BulkTests(ThreeAgentFleet fleet)
{
    [Fact(Timeout = 180_000)]
    public async Task A_thousand_refs_go_in_one_push()
    {
        var (repository, work) = await fleet.NewRepository("bulk/refs");
        using var _ = work;
        await work.ManyBranches("many/b", 1000);
        var before = (await fleet.Api.Get(repository.Id)).Generation;
        await work.Ok("push", "-q", "origin", "--all");
        Assert.Equal(before + 1, (await fleet.Api.Get(repository.Id)).Generation);
        var refs = await fleet.WhenAllUpToDate(repository.Id);
        Assert.Equal(1002, refs.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        using var pruner = await GitWork.Clone(fleet.GitUrl("bulk/refs"));
        await pruner.Ok("push", "-q", "origin", "--atomic", "--prune", "refs/heads/*:refs/heads/*");
        Assert.Equal(["HEAD", "refs/heads/main"], (await work.RemoteRefs()).Keys);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_pack_of_two_hundred_megabytes_goes_there_and_back()
    {
        var (repository, work) = await fleet.NewRepository("bulk/pack");
        using var _ = work;
        var seed = Seed.Take();
        await work.Ok("config", "core.compression", "0");
        for (var i = 0; i < 4; i++) await work.Commit($"big{i}", $"big{i}", seed.Bytes(50_000_000));
        await work.Ok("push", "-q", "origin", "main");
        using var clone = await GitWork.Clone(fleet.GitUrl("bulk/pack"), "--no-checkout");
        Assert.Equal(await work.Head(), await clone.Head());
        await fleet.WhenAllUpToDate(repository.Id);
        await fleet.WhenClean(repository.Id);
        Assert.Equal(System.Net.HttpStatusCode.NoContent,
            await fleet.Api.Status(HttpMethod.Delete, $"/v1/repositories/{repository.Id}"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_pack_larger_than_the_clients_buffer_is_sent_in_chunks_after_a_probe()
    {
        var (_, work) = await fleet.NewRepository("bulk/chunked");
        using var __ = work;
        await work.Commit("big", "big", Seed.Take().Bytes(3_000_000));
        var push = work.In(work.Path, "-c", "http.postBuffer=65536", "push", "origin", "main");
        push = push with { Variables = push.Variables.Add("GIT_TRACE_CURL", "1").Add("GIT_TRACE_CURL_NO_DATA", "1") };
        var result = (await push.Run()).MustSucceed();
        Assert.Contains("Transfer-Encoding: chunked", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(await work.Head(), (await work.RemoteRefs())["refs/heads/main"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_two_pushes_at_once_to_one_branch_one_wins_and_the_other_must_fetch_first()
    {
        var (repository, work) = await fleet.NewRepository("bulk/race");
        using var _ = work;
        using var other = await GitWork.Clone(fleet.GitUrl("bulk/race"));
        for (var round = 0; round < 5; round++)
        {
            await work.Commit($"a{round}");
            await other.Commit($"b{round}");
            var results = await Task.WhenAll(work.Git("push", "origin", "main"), other.Git("push", "origin", "main"));
            var first = results[0].ExitCode == 0;
            var (winner, loser, lost) = first ? (work, other, results[1]) : (other, work, results[0]);
            lost.MustFail("rejected", "fetch first");
            Assert.Equal(await winner.Head(), (await work.RemoteRefs())["refs/heads/main"]);
            await loser.Ok("fetch", "-q", "origin");
            await loser.Ok("reset", "-q", "--hard", "origin/main");
        }
        await fleet.WhenAllUpToDate(repository.Id);
        await fleet.WhenClean(repository.Id);
    }

    [Fact(Timeout = 300_000)]
    public async Task Two_hundred_pushes_at_once_to_different_branches_all_succeed()
    {
        var (repository, work) = await fleet.NewRepository("bulk/hundreds");
        using var _ = work;
        await work.ManyBranches("p", 200);
        var url = fleet.GitUrl("bulk/hundreds");
        var pushes = Enumerable.Range(0, 200).Select(i =>
            (work.In(work.Path, "push", "-q", url, $"p{i}") with { Limit = TimeSpan.FromMinutes(4) }).Run());
        foreach (var push in await Task.WhenAll(pushes)) push.MustSucceed();
        var refs = await fleet.WhenAllUpToDate(repository.Id);
        Assert.Equal(202, refs.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await fleet.WhenClean(repository.Id);
    }
}

using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Goal: no read sees refs that move, or a version older than the one it wants.</summary>
public sealed class ReadTests
{
    private const string Zero = RefUpdate.Zero;
    private static readonly TimeSpan CommitWait = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Read_that_wants_a_promised_version_waits_for_its_commit()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        var read = Enter(kit, kit.Decision(write).Version);
        Assert.False(read.IsCompleted);
        await kit.Commit(write);
        using var admission = await read;
        Assert.Equal(ReadOutcome.Admitted, admission.Outcome);
    }

    [Fact]
    public async Task Read_waits_one_second_and_no_longer()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        var read = Enter(kit, kit.Decision(write).Version);
        kit.Clock.Advance(CommitWait);
        Assert.Equal(ReadOutcome.Behind, (await read).Outcome);
    }

    [Fact]
    public async Task Read_that_wants_what_the_replica_never_had_is_sent_away_at_once()
    {
        await using var kit = await StorageKit.Start();
        Assert.Equal(ReadOutcome.Behind, (await Enter(kit, new(2, kit.NewTransaction()))).Outcome);
        var other = RepositoryId.Parse(new string('f', 32));
        Assert.Equal(
            ReadOutcome.NotFound, (await kit.Role.Reads.Enter(kit.Role.Shelf[other], null, default)).Outcome);
    }

    [Fact]
    public async Task Read_that_wants_a_version_the_replica_has_passed_is_admitted()
    {
        await using var kit = await StorageKit.Start();
        var versions = new List<ReplicaVersion> { kit.Version };
        var tip = await kit.Work.Commit("first");
        foreach (var name in (string[])["a", "b", "c"])
        {
            await kit.Push("refs/heads/" + name, Zero, tip);
            versions.Add(kit.Version);
        }
        foreach (var version in versions)
        {
            using var read = await Enter(kit, version);
            Assert.Equal(ReadOutcome.Admitted, read.Outcome);
        }
        // The same count with another write is another content.
        Assert.Equal(
            ReadOutcome.Behind,
            (await Enter(kit, versions[2] with { Transaction = kit.NewTransaction() })).Outcome);
    }

    [Fact]
    public async Task Commit_waits_for_the_list_of_refs_under_way()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        var read = await Enter(kit, kit.Version);
        var commit = kit.Commit(write);
        var second = Enter(kit, null);
        Assert.False(commit.IsCompleted);
        Assert.False(second.IsCompleted); // Behind the commit, so that readers can't starve it.
        read.Dispose();
        Assert.Equal(CommandOutcome.Done, (await commit).Outcome);
        using var admission = await second;
        Assert.Equal(ReadOutcome.Admitted, admission.Outcome);
    }

    [Fact]
    public async Task Replica_with_a_decision_half_applied_serves_no_read()
    {
        await using var kit = await StorageKit.Start(crashAt: "commit-migrated");
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        await Assert.ThrowsAsync<CrashedException>(() => kit.Commit(write));
        var read = Enter(kit, null);
        Assert.False(read.IsCompleted);
        kit.Clock.Advance(CommitWait);
        Assert.Equal(ReadOutcome.Behind, (await read).Outcome);
        var abort = await kit.Store.Abort(kit.Id, new AbortWrite(write.Token, write.Transaction), default);
        Assert.Equal(CommandOutcome.Busy, abort.Outcome);
        await kit.Crash();
        kit.Decided(write);
        await kit.AssertWhole();
    }

    private static Task<ReadAdmission> Enter(StorageKit kit, ReplicaVersion? wanted) =>
        kit.Role.Reads.Enter(kit.Role.Shelf[kit.Id], wanted, default);
}

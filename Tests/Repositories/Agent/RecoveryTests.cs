using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>
/// Goal: after a crash at any point a push is wholly there or wholly absent, and no lock or pack is left.
/// </summary>
public sealed class RecoveryTests
{
    private const string Zero = RefUpdate.Zero;
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("staged", false)]
    [InlineData("prepare-locked", false)]
    [InlineData("prepare-synced", false)]
    [InlineData("prepared", true)]
    [InlineData("commit-decided", true)]
    [InlineData("commit-migrated", true)]
    [InlineData("commit-refs", true)]
    [InlineData("commit-closed", true)]
    public async Task Crash_at_a_step_leaves_the_push_whole_or_absent(string point, bool isPromised)
    {
        await using var kit = await StorageKit.Start(crashAt: point);
        var first = await kit.Work.Commit("first");
        var write = kit.Write(
            kit.NewTransaction(), true,
            new RefUpdate(StorageKit.Main, Zero, first), new RefUpdate("refs/tags/t", Zero, first));
        await Assert.ThrowsAsync<CrashedException>(async () =>
        {
            await kit.Stage(write.Transaction, first);
            await kit.Prepare(write);
            await kit.Commit(write);
        });
        kit.Silo.Answer = isPromised
            ? new Resolution(ResolutionOutcome.Committed, kit.Decision(write))
            : new Resolution(ResolutionOutcome.Aborted);
        if (isPromised) kit.Decided(write);
        await kit.Crash();
        await WaitUntilClosed(kit);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Promise_outlives_the_crash_and_can_still_be_committed()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        Assert.NotEmpty(Directory.GetFiles(kit.Repository, "*.lock", SearchOption.AllDirectories));
        await kit.Crash();
        Assert.Equal(write.Transaction, (await kit.Store.Report(kit.Id, default)).Open!.Transaction);
        kit.AssertNoLocks();
        Assert.Equal(CommandOutcome.Done, (await kit.Commit(write)).Outcome);
        kit.Decided(write);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Aborted_promise_is_undone_after_the_crash()
    {
        await using var kit = await StorageKit.Start();
        await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        kit.Silo.Answer = new Resolution(ResolutionOutcome.Aborted);
        await kit.Crash();
        await WaitUntilClosed(kit);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Silent_coordinator_is_asked_about_every_second_until_it_answers()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        Assert.Equal(0, kit.Silo.Questions);
        for (var second = 1; second <= 3; second++)
        {
            kit.Clock.Advance(AskInterval);
            var expected = second;
            await Eventually(() => kit.Silo.Questions == expected);
        }
        Assert.NotNull(kit.State.Open);
        kit.Silo.Answer = new Resolution(ResolutionOutcome.Committed, kit.Decision(write));
        await WaitUntilClosed(kit);
        kit.Decided(write);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Killed_child_is_replaced_by_a_redo()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        PosixSignals.SendKill(kit.State.Child!.Pid);
        Assert.Equal(CommandOutcome.Done, (await kit.Commit(write)).Outcome);
        kit.Decided(write);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Redo_skips_refs_that_moved_and_sets_the_others()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        await kit.Push(StorageKit.Main, Zero, first);
        var write = kit.Write(
            kit.NewTransaction(), false,
            new RefUpdate("refs/heads/a", Zero, first), new RefUpdate("refs/heads/b", Zero, first),
            new RefUpdate(StorageKit.Main, first, Zero));
        Assert.Equal(CommandOutcome.Done, (await kit.Prepare(write)).Outcome);
        await kit.Crash();
        await kit.Store.Report(kit.Id, default);
        (await kit.Work.In(kit.Repository, "--git-dir", kit.Repository, "update-ref", "refs/heads/b", first).Run())
            .MustSucceed();
        Assert.Equal(CommandOutcome.Done, (await kit.Commit(write)).Outcome);
        kit.Decided(write);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Refs_with_a_third_value_take_the_version_away()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        var second = await kit.Work.Commit("second");
        await kit.Push("refs/heads/seed", Zero, second);
        var write = await kit.Promise(StorageKit.Main, Zero, second);
        await kit.Crash();
        await kit.Store.Report(kit.Id, default);
        (await kit.Work.In(kit.Repository, "--git-dir", kit.Repository, "update-ref", StorageKit.Main, first).Run())
            .MustSucceed();
        var reply = await kit.Commit(write);
        Assert.Equal(CommandOutcome.Failed, reply.Outcome);
        Assert.Equal((null, null), (reply.Report.Version, reply.Report.Open));
        Assert.True(reply.Report.Exists);
    }

    [Fact]
    public async Task Unclean_boot_keeps_the_version_only_of_content_that_fits_its_checksum()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        await kit.Push(StorageKit.Main, Zero, first);
        await kit.Crash(boot: "boot-2");
        await kit.AssertWhole();

        File.Delete(Path.Combine(kit.Repository, StorageKit.Main));
        await kit.Crash(boot: "boot-2");
        Assert.NotNull((await kit.Store.Report(kit.Id, default)).Version); // kill -9 loses nothing: no reason to look.
        await kit.Crash(boot: "boot-3");
        Assert.Null((await kit.Store.Report(kit.Id, default)).Version);
    }

    [Fact]
    public async Task Suspicion_outlives_a_second_start_on_the_same_boot()
    {
        await using var kit = await StorageKit.Start();
        await kit.Push(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        await kit.Restart(boot: "boot-2");
        Assert.False(kit.State.IsSuspect); // An orderly stop left everything on disk.
        var journal = kit.Role.State.Apply(new JournalEntry(null, new JournalRecord.Started("boot-3")));
        Assert.True(journal.Replicas[kit.Id].IsSuspect);
        journal = journal.Apply(new JournalEntry(null, new JournalRecord.Started("boot-3")));
        Assert.True(journal.Replicas[kit.Id].IsSuspect);
        Assert.False(journal.Replicas[kit.Id].Apply(new JournalRecord.Verified()).IsSuspect);
    }

    [Fact]
    public async Task Staged_pack_is_dropped_at_the_end_of_its_lease_and_at_a_start()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        var transaction = kit.NewTransaction();
        await kit.Stage(transaction, first);
        kit.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.True(kit.Role.Staging.Renew(kit.Role.Shelf[kit.Id], transaction));
        kit.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Single(kit.Quarantines);
        kit.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually(() => !kit.Quarantines.Any());
        Assert.False(kit.Role.Staging.Renew(kit.Role.Shelf[kit.Id], transaction));

        await kit.Stage(kit.NewTransaction(), first);
        await kit.Crash();
        await kit.Store.Report(kit.Id, default);
        Assert.Empty(kit.Quarantines);
    }

    [Fact]
    public async Task Sweep_that_fails_ends_neither_the_watch_nor_the_lease()
    {
        var disk = new FaultyDisk(int.MaxValue);
        await using var kit = await StorageKit.Start(disk: disk);
        var first = await kit.Work.Commit("first");
        await kit.Stage(kit.NewTransaction(), first);
        await kit.Promise(StorageKit.Main, Zero, first);
        disk.DeletionFault = new UnauthorizedAccessException("not yours");
        kit.Clock.Advance(TimeSpan.FromSeconds(31));
        await Eventually(() => kit.Silo.Questions > 0);
        var questions = kit.Silo.Questions;
        disk.DeletionFault = null;
        kit.Clock.Advance(AskInterval);
        await Eventually(() => kit.Silo.Questions > questions && kit.Quarantines.Count() == 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replica_whose_folder_is_gone_counts_as_lost(bool isDecided)
    {
        await using var kit = await StorageKit.Start(crashAt: isDecided ? "commit-decided" : null);
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        if (isDecided) await Assert.ThrowsAsync<CrashedException>(() => kit.Commit(write));
        Directory.Delete(kit.Repository, recursive: true);
        await kit.Crash();
        var report = await kit.Store.Report(kit.Id, default);
        Assert.Equal((false, null, null), (report.Exists, report.Version, report.Open));
        Assert.Equal(write.Token, report.HighestToken);
        Assert.Empty(kit.Stops);
    }

    [Fact]
    public async Task Failed_flush_of_a_replica_stops_the_role()
    {
        var disk = new FaultyDisk(int.MaxValue);
        await using var kit = await StorageKit.Start(disk: disk);
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        disk.RefusesDirectories = true;
        Assert.Equal(CommandOutcome.Failed, (await kit.Commit(write)).Outcome);
        Assert.NotEmpty(kit.Stops);
        Assert.NotNull(kit.State.Open!.Decision);
        kit.Stops.Clear();

        disk.RefusesDirectories = false;
        await kit.Crash();
        kit.Decided(write);
        await kit.AssertWhole();
    }

    private static async Task WaitUntilClosed(StorageKit kit)
    {
        await kit.Store.Report(kit.Id, default);
        await Eventually(() =>
        {
            kit.Clock.Advance(AskInterval / 2);
            return kit.State.Open is null;
        });
    }

    private static Task Eventually(Func<bool> check) =>
        Support.Eventually.True("the state", TimeSpan.FromSeconds(20), () => Task.FromResult(check()));
}

using Aedile.Client.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Goal: each command does exactly what it says, again or once, and a refusal holds nothing.</summary>
public sealed class CommandTests
{
    private const string Zero = RefUpdate.Zero;

    [Fact]
    public async Task Push_is_staged_promised_and_applied()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        await kit.Push(StorageKit.Main, Zero, first);
        await kit.AssertWhole();
        var second = await kit.Work.Commit("second");
        await kit.Push(StorageKit.Main, first, second);
        await kit.AssertWhole();
        Assert.Equal(second, (await kit.Refs())[StorageKit.Main]);
    }

    [Fact]
    public async Task Repeated_commands_answer_done_and_change_nothing()
    {
        await using var kit = await StorageKit.Start();
        var create = new CreateReplica(new CommandToken(1, 1), kit.Version, StorageKit.Main);
        Assert.Equal(CommandOutcome.Done, (await kit.Store.Create(kit.Id, create, default)).Outcome);

        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        var again = await kit.Prepare(write);
        Assert.Equal(CommandOutcome.Done, again.Outcome);
        Assert.NotNull(again.Vote);
        Assert.Equal(CommandOutcome.Done, (await kit.Commit(write)).Outcome);
        Assert.Equal(CommandOutcome.Done, (await kit.Commit(write)).Outcome);
        Assert.Equal(CommandOutcome.Fenced, (await kit.Prepare(write)).Outcome);
        kit.Decided(write);
        await kit.AssertWhole();

        var delete = new DeleteReplica(kit.NextToken());
        Assert.Equal(CommandOutcome.Done, (await kit.Store.Delete(kit.Id, delete, default)).Outcome);
        Assert.Equal(CommandOutcome.Done, (await kit.Store.Delete(kit.Id, delete, default)).Outcome);
        Assert.False(Directory.Exists(kit.Repository));
        Assert.Equal(CommandOutcome.Fenced, (await kit.Store.Create(kit.Id, create, default)).Outcome);
    }

    [Fact]
    public async Task Lower_tokens_are_refused_with_the_highest_in_the_report()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        var write = kit.Write(kit.NewTransaction(), true, new RefUpdate(StorageKit.Main, Zero, first));
        await kit.Stage(write.Transaction, first);
        Assert.Equal(CommandOutcome.Done, (await kit.Prepare(write with { Token = new(5, 1) })).Outcome);

        var stale = new CommandToken(4, 99);
        var prepare = await kit.Prepare(write with { Token = stale, Transaction = kit.NewTransaction() });
        Assert.Equal(CommandOutcome.Fenced, prepare.Outcome);
        Assert.Equal(new CommandToken(5, 1), prepare.Report.HighestToken);
        var decision = kit.Decision(write);
        var commit = new CommitWrite(stale, decision.Version, decision.Checksum);
        Assert.Equal(CommandOutcome.Fenced, (await kit.Store.Commit(kit.Id, commit, default)).Outcome);
        var abort = new AbortWrite(stale, write.Transaction);
        Assert.Equal(CommandOutcome.Fenced, (await kit.Store.Abort(kit.Id, abort, default)).Outcome);
        Assert.Equal(CommandOutcome.Fenced, (await kit.Store.Delete(kit.Id, new(stale), default)).Outcome);
        Assert.NotNull(kit.State.Open);
    }

    [Fact]
    public async Task Prepare_needs_exactly_the_base_and_the_staged_pack()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        var update = new RefUpdate(StorageKit.Main, Zero, first);
        var write = kit.Write(kit.NewTransaction(), true, update);
        Assert.Equal(CommandOutcome.Behind, (await kit.Prepare(write)).Outcome);
        await kit.Stage(write.Transaction, first);
        var elsewhere = write with { Token = kit.NextToken(), Base = new(7, write.Transaction) };
        Assert.Equal(CommandOutcome.Behind, (await kit.Prepare(elsewhere)).Outcome);
        // The refusals took nothing away.
        Assert.Equal(CommandOutcome.Done, (await kit.Prepare(write with { Token = kit.NextToken() })).Outcome);
    }

    [Fact]
    public async Task Refs_that_do_not_match_are_named_and_the_rest_can_be_prepared_again()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        await kit.Push(StorageKit.Main, Zero, first);
        var second = await kit.Work.Commit("second");
        var write = kit.Write(
            kit.NewTransaction(), true, new RefUpdate(StorageKit.Main, Zero, second),
            new RefUpdate("refs/heads/main/under", Zero, second), new RefUpdate("refs/heads/ok", Zero, second),
            new RefUpdate("refs/tags/moved", first, second));
        await kit.Stage(write.Transaction, second, first);
        var reply = await kit.Prepare(write);
        Assert.Equal(CommandOutcome.RefsMismatch, reply.Outcome);
        Assert.Equal(
            [
                new RefMismatch(StorageKit.Main, "fetch first"),
                new RefMismatch(
                    "refs/heads/main/under", "'refs/heads/main' exists; cannot create 'refs/heads/main/under'"),
                new RefMismatch("refs/tags/moved", "fetch first"),
            ],
            reply.Mismatches);
        Assert.Null(reply.Report.Open);
        kit.AssertNoLocks();

        var rest = write with
        {
            Token = kit.NextToken(),
            Updates = [.. write.Updates.Where(u => u.Name == "refs/heads/ok")],
        };
        Assert.Equal(CommandOutcome.Done, (await kit.Prepare(rest)).Outcome);
        Assert.Equal(CommandOutcome.Done, (await kit.Commit(rest)).Outcome);
        kit.Decided(rest);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task What_only_git_knows_is_told_in_its_words()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        await kit.Push(StorageKit.Main, Zero, first);
        var tree = await kit.Work.Head("HEAD^{tree}");
        var reply = await kit.Prepare(
            kit.Write(kit.NewTransaction(), false, new RefUpdate("refs/heads/tree", Zero, tree)));
        Assert.Equal(CommandOutcome.RefsMismatch, reply.Outcome);
        Assert.Contains("non-commit", Assert.Single(reply.Mismatches).Reason, StringComparison.Ordinal);
        var nowhere = new string('1', 40);
        var missing = await kit.Prepare(
            kit.Write(kit.NewTransaction(), false, new RefUpdate("refs/heads/none", Zero, nowhere)));
        Assert.Equal(CommandOutcome.Failed, missing.Outcome);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Deletions_move_loose_and_packed_refs()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        await kit.Push(StorageKit.Main, Zero, first);
        await kit.Push("refs/heads/deep/er/branch", Zero, first);
        await kit.Push("refs/heads/packed", Zero, first);
        (await kit.Work.In(kit.Repository, "--git-dir", kit.Repository, "pack-refs", "--all").Run()).MustSucceed();
        await kit.Push("refs/heads/loose/one", Zero, first);
        foreach (var name in (string[])["refs/heads/packed", "refs/heads/deep/er/branch", "refs/heads/loose/one"])
        {
            await kit.Push(name, first, Zero);
            await kit.AssertWhole();
        }
        Assert.Equal(StorageKit.Main, Assert.Single(await kit.Refs()).Key);
    }

    [Fact]
    public async Task Abort_drops_promise_locks_and_pack()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        var reply = await kit.Store.Abort(kit.Id, new AbortWrite(write.Token, write.Transaction), default);
        Assert.Equal(CommandOutcome.Done, reply.Outcome);
        Assert.Equal(EntryOutcome.Undone, (await kit.Store.Entry(kit.Id, write.Transaction, default)).Outcome);
        await kit.AssertWhole();
        Assert.Equal(CommandOutcome.Behind, (await kit.Commit(write)).Outcome);

        var staged = kit.NewTransaction();
        await kit.Stage(staged, await kit.Work.Head());
        Assert.Single(kit.Quarantines);
        await kit.Store.Abort(kit.Id, new AbortWrite(kit.NextToken(), staged), default);
        Assert.Empty(kit.Quarantines);
    }

    [Fact]
    public async Task Abort_of_a_stale_epoch_changes_nothing_and_of_a_newer_one_fences_the_older()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        var write = kit.Write(kit.NewTransaction(), true, new RefUpdate(StorageKit.Main, Zero, first));
        await kit.Stage(write.Transaction, first);
        var stale = new AbortWrite(new CommandToken(0, 99), write.Transaction);
        Assert.Equal(CommandOutcome.Fenced, (await kit.Store.Abort(kit.Id, stale, default)).Outcome);
        Assert.Single(kit.Quarantines);

        var other = new AbortWrite(new CommandToken(2, 50), kit.NewTransaction());
        Assert.Equal(CommandOutcome.Done, (await kit.Store.Abort(kit.Id, other, default)).Outcome);
        Assert.Equal(CommandOutcome.Fenced, (await kit.Prepare(write)).Outcome);
        await kit.Crash();
        Assert.Equal(2, (await kit.Store.Report(kit.Id, default)).HighestToken.Epoch);
        // An abort overtakes the prepare of another write; it takes no sequence from it.
        await kit.Stage(write.Transaction, first);
        var again = write with { Token = new CommandToken(2, 1) };
        Assert.Equal(CommandOutcome.Done, (await kit.Prepare(again)).Outcome);
    }

    [Fact]
    public async Task Deletion_that_failed_half_way_is_finished_by_its_repetition()
    {
        var disk = new FaultyDisk(int.MaxValue);
        await using var kit = await StorageKit.Start(disk: disk);
        disk.DeletionFault = new IOException("not empty");
        var delete = new DeleteReplica(kit.NextToken());
        Assert.Equal(CommandOutcome.Failed, (await kit.Store.Delete(kit.Id, delete, default)).Outcome);
        disk.DeletionFault = null;
        Assert.Equal(CommandOutcome.Done, (await kit.Store.Delete(kit.Id, delete, default)).Outcome);
        Assert.False(Directory.Exists(kit.Repository));
    }

    [Fact]
    public async Task Replica_made_again_knows_no_pack_of_the_deleted_one()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        var write = kit.Write(kit.NewTransaction(), true, new RefUpdate(StorageKit.Main, Zero, first));
        await kit.Stage(write.Transaction, first);
        await kit.Store.Delete(kit.Id, new DeleteReplica(kit.NextToken()), default);
        var create = new CreateReplica(kit.NextToken(), kit.Version, StorageKit.Main);
        Assert.Equal(CommandOutcome.Done, (await kit.Store.Create(kit.Id, create, default)).Outcome);
        var reply = await kit.Prepare(write with { Token = kit.NextToken() });
        Assert.Equal(CommandOutcome.Behind, reply.Outcome);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Prepare_redoes_the_decision_it_names_and_undoes_any_other_promise()
    {
        await using var kit = await StorageKit.Start();
        var first = await kit.Work.Commit("first");
        var decided = await kit.Promise(StorageKit.Main, Zero, first);
        var notice = kit.Decision(decided);
        kit.Decided(decided);
        var next = kit.Write(kit.NewTransaction(), true, new RefUpdate("refs/heads/next", Zero, first));
        await kit.Stage(next.Transaction, first);
        Assert.Equal(CommandOutcome.Done, (await kit.Prepare(next with { Newest = notice })).Outcome);
        Assert.Equal(first, (await kit.Refs())[StorageKit.Main]);

        var other = kit.Write(kit.NewTransaction(), true, new RefUpdate("refs/heads/other", Zero, first));
        await kit.Stage(other.Transaction, first);
        Assert.Equal(CommandOutcome.Done, (await kit.Prepare(other with { Newest = notice })).Outcome);
        Assert.Equal(CommandOutcome.Done, (await kit.Commit(other)).Outcome);
        kit.Decided(other);
        await kit.AssertWhole();
        Assert.Equal(EntryOutcome.Undone, (await kit.Store.Entry(kit.Id, next.Transaction, default)).Outcome);
    }

    [Fact]
    public async Task Same_write_may_be_prepared_again_with_a_higher_token()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        var again = write with { Token = kit.NextToken(epoch: 2) };
        Assert.Equal(CommandOutcome.Done, (await kit.Prepare(again)).Outcome);
        Assert.Equal(CommandOutcome.Done, (await kit.Commit(again)).Outcome);
        kit.Decided(again);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Stage_redoes_only_what_its_decision_names()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        var notice = kit.Decision(write);
        await kit.Store.Redo(kit.Id, notice with { Version = new(2, kit.NewTransaction()) }, default);
        Assert.NotNull(kit.State.Open);
        await kit.Store.Redo(kit.Id, notice, default);
        kit.Decided(write);
        await kit.AssertWhole();
    }

    [Fact]
    public async Task Commit_with_another_checksum_is_not_applied()
    {
        await using var kit = await StorageKit.Start();
        var write = await kit.Promise(StorageKit.Main, Zero, await kit.Work.Commit("first"));
        var commit = new CommitWrite(write.Token, kit.Decision(write).Version, new string('0', 64));
        Assert.Equal(CommandOutcome.Failed, (await kit.Store.Commit(kit.Id, commit, default)).Outcome);
        Assert.Empty(await kit.Refs());
    }
}

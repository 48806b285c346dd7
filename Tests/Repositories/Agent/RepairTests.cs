using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Goal: a repaired replica equals its source, and until it does it has no version.</summary>
public sealed class RepairTests : IAsyncLifetime
{
    private const string Zero = RefUpdate.Zero;
    private StorageKit _source = null!;
    private StorageKit _target = null!;

    public async ValueTask InitializeAsync()
    {
        _source = await StorageKit.Start();
        _target = await StorageKit.Start(isEmpty: true);
        _target.Source = _source;
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        await _source.DisposeAsync();
    }

    [Fact]
    public async Task Missing_replica_is_made_and_filled()
    {
        await _source.Push(StorageKit.Main, Zero, await _source.Work.Commit("first"));
        var reply = await Repair();
        Assert.Equal(CommandOutcome.Done, reply.Outcome);
        Assert.Equal(_source.Version, reply.Report.Version);
        Assert.Equal(await _source.Refs(), await _target.Refs());
    }

    [Fact]
    public async Task Outdated_replica_follows_moved_deleted_and_conflicting_refs()
    {
        var first = await _source.Work.Commit("first");
        await _source.Push(StorageKit.Main, Zero, first);
        await _source.Push("refs/heads/a", Zero, first);
        await _source.Push("refs/tags/gone", Zero, first);
        Assert.Equal(CommandOutcome.Done, (await Repair()).Outcome);

        var second = await _source.Work.Commit("second");
        await _source.Push(StorageKit.Main, first, second);
        await _source.Push("refs/tags/gone", first, Zero);
        // One transaction can't turn a branch into a folder of branches.
        await _source.Push("refs/heads/a", first, Zero);
        await _source.Push("refs/heads/a/b", Zero, second);
        Assert.Equal(CommandOutcome.Done, (await Repair()).Outcome);
        Assert.Equal(await _source.Refs(), await _target.Refs());
        _target.AssertNoLocks();
    }

    [Fact]
    public async Task First_fetch_takes_the_version_and_only_the_last_one_gives_it()
    {
        await _source.Push(StorageKit.Main, Zero, await _source.Work.Commit("first"));
        var reply = await Repair(final: false);
        Assert.Equal(CommandOutcome.Done, reply.Outcome);
        Assert.Null(reply.Report.Version);
        Assert.Equal(_source.Version, (await Repair()).Report.Version);
    }

    [Fact]
    public async Task Other_content_than_expected_gives_no_version()
    {
        await _source.Push(StorageKit.Main, Zero, await _source.Work.Commit("first"));
        var command = Command(final: true) with { Checksum = new string('0', 64) };
        var reply = await _target.Store.Repair(_target.Id, command, default);
        Assert.Equal(CommandOutcome.Failed, reply.Outcome);
        Assert.Null(reply.Report.Version);
    }

    [Fact]
    public async Task Source_that_fails_leaves_no_version_and_a_later_repair_succeeds()
    {
        await _source.Push(StorageKit.Main, Zero, await _source.Work.Commit("first"));
        _target.Source = null;
        var reply = await Repair();
        Assert.Equal(CommandOutcome.Failed, reply.Outcome);
        Assert.Null(reply.Report.Version);
        _target.Source = _source;
        await _target.Crash();
        Assert.Equal(CommandOutcome.Done, (await Repair()).Outcome);
    }

    [Fact]
    public async Task Replica_with_a_promise_is_no_target()
    {
        var write = await _source.Promise(StorageKit.Main, Zero, await _source.Work.Commit("first"));
        var command = Command(final: true) with { Token = _source.NextToken() };
        Assert.Equal(CommandOutcome.Busy, (await _source.Store.Repair(_source.Id, command, default)).Outcome);
        Assert.Equal(CommandOutcome.Done, (await _source.Commit(write)).Outcome);
        var stale = Command(final: true) with { Token = new CommandToken(0, 99) };
        Assert.Equal(CommandOutcome.Fenced, (await _source.Store.Repair(_source.Id, stale, default)).Outcome);
    }

    [Fact]
    public async Task Pack_for_a_joining_replica_waits_for_its_last_fetch()
    {
        var first = await _source.Work.Commit("first");
        await _source.Push(StorageKit.Main, Zero, first);
        await Repair(final: false);
        var second = await _source.Work.Commit("second");
        await _source.Push(StorageKit.Main, first, second);
        var third = await _source.Work.Commit("third");
        var body = StorageKit.Body([third], await _source.Pack(third, second));
        var transaction = _source.NewTransaction();
        var staging = _target.StageBytes(transaction, body);
        Assert.False(staging.IsCompleted);
        Assert.Equal(CommandOutcome.Done, (await Repair()).Outcome);
        Assert.Equal(3, (await staging).ObjectCount);

        _target.Clock.Advance(TimeSpan.Zero);
        await _target.Store.Delete(_target.Id, new DeleteReplica(new CommandToken(9, 9)), default);
        await Assert.ThrowsAsync<StagingRefusedException>(() => _target.StageBytes(_source.NewTransaction(), body));
    }

    [Fact]
    public async Task Refs_changed_behind_the_replica_are_repaired_at_the_same_version()
    {
        var first = await _source.Work.Commit("first");
        await _source.Push(StorageKit.Main, Zero, first);
        Assert.Equal(CommandOutcome.Done, (await Repair()).Outcome);
        (await _source.Work.In(
            _target.Repository, "--git-dir", _target.Repository, "update-ref", "-d", StorageKit.Main).Run())
            .MustSucceed();
        Assert.Equal(CommandOutcome.Done, (await Repair()).Outcome);
        Assert.Equal(await _source.Refs(), await _target.Refs());
        Assert.Equal(_source.Version, (await _target.Store.Report(_target.Id, default)).Version);
    }

    [Fact]
    public async Task Repair_flushes_no_pack_that_arrives_meanwhile()
    {
        var disk = new FaultyDisk(int.MaxValue);
        await using var target = await StorageKit.Start(disk: disk);
        target.Source = _source;
        await _source.Push(StorageKit.Main, Zero, await _source.Work.Commit("first"));
        await target.Stage(target.NewTransaction(), await target.Work.Commit("other"));
        disk.Flushed.Clear();
        var command = Command(final: true) with { Token = new CommandToken(9, 1) };
        Assert.Equal(CommandOutcome.Done, (await target.Store.Repair(target.Id, command, default)).Outcome);
        // Its files come and go under git's hands: one that is gone would look like a disk that failed.
        Assert.DoesNotContain(disk.Flushed, path => path.Contains("incoming-", StringComparison.Ordinal));
        string[] names = ["HEAD", "refs/heads", "refs", "objects/pack", "objects", ""];
        Assert.All(names, n => Assert.Contains(Path.Combine(target.Repository, n).TrimEnd('/'), disk.Flushed));
    }

    private Task<CommandReply> Repair(bool final = true) =>
        _target.Store.Repair(_target.Id, Command(final), default);

    private RepairReplica Command(bool final) => new(
        _source.NextToken(), new Uri("http://127.0.0.1:9"), _source.Version, _source.Checksum.ToString(),
        StorageKit.Main,
        final);
}

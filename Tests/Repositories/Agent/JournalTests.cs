using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>
/// Goal: what the journal acknowledged is there after any crash, and damage is never taken for a crash.
/// </summary>
public sealed class JournalTests : IDisposable
{
    private const long NeverCompact = long.MaxValue;
    private static readonly RepositoryId Id = RepositoryId.Parse("0123456789abcdef0123456789abcdef");
    private readonly TestFolder _folder = new("journal");
    private readonly List<string> _stops = [];

    private string Folder => _folder["journal"];
    private string Log => Path.Combine(Folder, "log-000000001");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_are_there_after_opening_again()
    {
        await using (var journal = await Open())
            for (var i = 1; i <= 5; i++) await journal.Append(Id, Token(i));
        await using var again = await Open();
        Assert.Equal(5, again.Get(Id).HighestToken.Sequence);
        Assert.False(again.IsNew);
    }

    [Fact]
    public async Task Every_kind_of_record_survives_as_it_was()
    {
        var version = new ReplicaVersion(2, new TransactionId(new Guid(1, 2, 3, new byte[8])));
        var update = new RefUpdate("refs/heads/ä", RefUpdate.Zero, new string('a', 40));
        var child = new GitChild(7, 8, "boot");
        var promise = new OpenPromise(
            version.Transaction, new CommandToken(1, 3), version with { Generation = 1 }, [update], true, "sum", child);
        ReplicaState before;
        await using (var journal = await Open())
        {
            await journal.Append(Id, new JournalRecord.Created(new(1, 1), new(1, default), "first", "refs/heads/main"));
            await journal.Note(Id, new JournalRecord.Intended(version.Transaction, child));
            await journal.Append(Id, new JournalRecord.Promised(promise));
            await journal.Append(Id, new JournalRecord.Decided(version, "sum"));
            before = journal.Get(Id);
        }
        await using (var again = await Open())
        {
            var after = again.Get(Id);
            Assert.Equal(before.ToReport(), after.ToReport());
            Assert.Equal(update, Assert.Single(after.Open!.Updates));
            Assert.Equal(new PromiseDecision(version, "sum"), after.Open.Decision);
            Assert.Equal(child, after.Child);
            await again.Append(Id, new JournalRecord.Closed(
                version.Transaction, ClosedOutcome.Committed, version, "sum", DateTimeOffset.UnixEpoch));
            await again.Append(Id, new JournalRecord.Deleted(new CommandToken(2, 0)));
        }
        await using var last = await Open();
        Assert.Equal(new ReplicaReport(false, null, null, new CommandToken(2, 0), null), last.Get(Id).ToReport());
    }

    [Fact]
    public async Task Tail_torn_at_any_byte_is_cut_and_all_before_it_stays()
    {
        long whole;
        await using (var journal = await Open())
        {
            await journal.Append(Id, Token(1));
            whole = new FileInfo(Log).Length;
            await journal.Append(Id, Token(2));
        }
        var bytes = await File.ReadAllBytesAsync(Log);
        for (var length = whole; length < bytes.Length; length++)
        {
            await File.WriteAllBytesAsync(Log, bytes[..(int)length]);
            await using (var journal = await Open())
            {
                Assert.Equal(1, journal.Get(Id).HighestToken.Sequence);
                await journal.Append(Id, Token(3));
            }
            await using var again = await Open();
            Assert.Equal(3, again.Get(Id).HighestToken.Sequence);
        }
    }

    [Fact]
    public async Task Tail_of_zeros_is_cut()
    {
        await using (var journal = await Open()) await journal.Append(Id, Token(1));
        await using (var file = new FileStream(Log, FileMode.Append)) await file.WriteAsync(new byte[5000]);
        await using var again = await Open();
        Assert.Equal(1, again.Get(Id).HighestToken.Sequence);
    }

    [Fact]
    public async Task Damage_that_a_later_frame_calls_durable_is_refused()
    {
        await using (var journal = await Open())
            for (var i = 1; i <= 3; i++) await journal.Append(Id, Token(i));
        var bytes = await File.ReadAllBytesAsync(Log);
        bytes[JournalFrame.HeaderSize + 5] ^= 1;
        await File.WriteAllBytesAsync(Log, bytes);
        await Assert.ThrowsAsync<JournalCorruptException>(() => Open());
    }

    [Fact]
    public async Task Frames_that_were_never_flushed_may_be_lost_in_any_order()
    {
        long whole;
        await using (var journal = await Open())
        {
            await journal.Append(Id, Token(1));
            whole = new FileInfo(Log).Length;
            await journal.Note(Id, Token(2));
            await journal.Note(Id, Token(3));
        }
        var bytes = await File.ReadAllBytesAsync(Log);
        bytes[whole + JournalFrame.HeaderSize + 1] ^= 1;
        await File.WriteAllBytesAsync(Log, bytes);
        await using var again = await Open();
        Assert.Equal(1, again.Get(Id).HighestToken.Sequence);
    }

    [Fact]
    public async Task Missing_log_is_refused()
    {
        await FillPastCompaction();
        var log = Directory.GetFiles(Folder, "log-*").Order().Last();
        File.Delete(log);
        await Assert.ThrowsAsync<JournalCorruptException>(() => Open());
    }

    [Fact]
    public async Task Damaged_snapshot_is_refused()
    {
        await FillPastCompaction();
        var snapshot = Assert.Single(Directory.GetFiles(Folder, "snapshot-*"));
        var bytes = await File.ReadAllBytesAsync(snapshot);
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(snapshot, bytes);
        await Assert.ThrowsAsync<JournalCorruptException>(() => Open());
    }

    [Fact]
    public async Task Compaction_keeps_the_state_and_drops_the_old_logs()
    {
        await FillPastCompaction();
        Assert.False(File.Exists(Log));
        Assert.Single(Directory.GetFiles(Folder, "snapshot-*"));
        await using var again = await Open();
        Assert.Equal(200, again.Get(Id).HighestToken.Sequence);
    }

    [Fact]
    public async Task Disk_that_dies_at_any_change_keeps_every_acknowledged_record()
    {
        for (var dieAt = 1; ; dieAt++)
        {
            if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
            var disk = new FaultyDisk(dieAt);
            var acknowledged = await FillUntilDeath(disk);
            await using var again = await Open();
            Assert.InRange(again.Get(Id).HighestToken.Sequence, acknowledged, acknowledged + 1);
            if (disk.Changes < dieAt) return; // It lived to the end: every change was tried.
        }
    }

    [Fact]
    public async Task Records_that_wait_together_share_one_flush()
    {
        var disk = new FaultyDisk(int.MaxValue);
        await using var journal = await Open(disk);
        var before = disk.Flushes;
        var gate = new TaskCompletionSource();
        disk.FlushGate = gate.Task;
        var first = journal.Append(Id, Token(1));
        var others = Enumerable.Range(2, 20).Select(i => journal.Append(Id, Token(i))).ToList();
        Assert.False(first.IsCompleted);
        Assert.Equal(0, journal.Get(Id).HighestToken.Sequence); // Memory never runs ahead of the disk.
        gate.SetResult();
        await Task.WhenAll(others);
        Assert.Equal(before + 2, disk.Flushes);
        Assert.Equal(21, journal.Get(Id).HighestToken.Sequence);
    }

    [Fact]
    public async Task Failed_flush_stops_the_role_and_nothing_is_acknowledged_after_it()
    {
        var disk = new FaultyDisk(int.MaxValue);
        var journal = await Open(disk);
        disk.FlushGate = Task.FromException(new IOException("fsync says no"));
        await Assert.ThrowsAsync<IOException>(() => journal.Append(Id, Token(1)));
        disk.FlushGate = null;
        await Assert.ThrowsAsync<IOException>(() => journal.Append(Id, Token(2)));
        Assert.Single(_stops);
        await journal.DisposeAsync();
    }

    [Fact]
    public async Task Closed_promises_are_kept_for_a_day()
    {
        var state = ReplicaState.None.Apply(
            new JournalRecord.Created(new(1, 1), new(1, default), "c", "refs/heads/main"));
        for (var hour = 0; hour <= 30; hour++) state = Close(state, hour);
        Assert.Equal(25, state.Closed.Count);
        Assert.Equal(EntryOutcome.Unknown, state.ToEntryReport(Transaction(3)).Outcome);
        Assert.Equal(EntryOutcome.Undone, state.ToEntryReport(Transaction(30)).Outcome);
        await Task.CompletedTask;
    }

    private static ReplicaState Close(ReplicaState state, int hour)
    {
        var promise = new OpenPromise(
            Transaction(hour), new(1, hour + 2), new(1, default), [], false, "c", new GitChild(1, 1, ""));
        return state.Apply(new JournalRecord.Promised(promise)).Apply(new JournalRecord.Closed(
            promise.Transaction, ClosedOutcome.Aborted, state.Version, state.Checksum,
            DateTimeOffset.UnixEpoch.AddHours(hour)));
    }

    private static TransactionId Transaction(int number) => new(new Guid(number, 0, 0, new byte[8]));

    private static JournalRecord.TokenSeen Token(long sequence) => new(new CommandToken(1, sequence), null);

    private async Task FillPastCompaction()
    {
        await using var journal = await Open(compactAfter: 4096);
        for (var i = 1; i <= 200; i++) await journal.Append(Id, Token(i));
    }

    private async Task<long> FillUntilDeath(FaultyDisk disk)
    {
        var acknowledged = 0L;
        ReplicaJournal? journal = null;
        try
        {
            journal = await Open(disk, compactAfter: 1024);
            for (var i = 1; i <= 30; i++)
            {
                await journal.Append(Id, Token(i));
                acknowledged = i;
            }
        }
        catch (IOException) { } // It died.
        if (journal is not null) await journal.DisposeAsync();
        return acknowledged;
    }

    private Task<ReplicaJournal> Open(IDisk? disk = null, long compactAfter = NeverCompact) => ReplicaJournal.Open(
        disk ?? new PosixDisk(), Folder, compactAfter, (reason, _) => _stops.Add(reason), NullLogger.Instance);
}

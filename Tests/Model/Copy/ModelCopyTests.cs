using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Model;
using Aedile.Silo.Model.Copy;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model.Copy;

/// <summary>
/// Goal: what is read from a silo's disk is a state that the model had, however the disk was left; and nothing on it
/// stops a silo.
/// </summary>
public sealed class ModelCopyTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TestFolder _folder = new("copy");
    private readonly ModelReplica _replica = new(new MemoryJournal(), new ManualTime(Now));
    private readonly ModelCopy _copy;
    private readonly ModelCopyKeeper _keeper;
    private ModelState _state = Empty;

    public ModelCopyTests()
    {
        _copy = new ModelCopy(_folder["model"], NullLogger.Instance);
        _keeper = new ModelCopyKeeper(
            _replica, _copy, new ManualTime(Now), NullLogger<ModelCopyKeeper>.Instance);
    }

    private string Snapshot => _folder["model", "snapshot.gz"];

    private string Tail => _folder["model", "tail.jsonl"];

    /// <inheritdoc/>
    public void Dispose()
    {
        _keeper.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_the_replica_had_is_read_again_from_snapshot_and_tail()
    {
        Assert.Null(await _copy.Read(None));
        await _keeper.Turn(None);
        Assert.False(File.Exists(Snapshot)); // Nothing was loaded yet.
        await Keep(3);
        await MustBeKept();
        var written = File.ReadAllBytes(Snapshot);
        for (var i = 0; i < 3; i++)
        {
            await Keep(2);
            await MustBeKept();
        }

        Assert.Equal(written, File.ReadAllBytes(Snapshot)); // Only the tail has grown.
        Assert.Equal(6, File.ReadAllLines(Tail).Length);
    }

    [Fact]
    public async Task A_tail_that_has_grown_long_becomes_a_snapshot()
    {
        await Keep(1);
        await Keep(SnapshotPace.EntriesMin);
        Assert.Equal(SnapshotPace.EntriesMin, File.ReadAllLines(Tail).Length);
        await Keep(1);
        Assert.Empty(File.ReadAllLines(Tail));
        await MustBeKept();
    }

    [Fact]
    public async Task The_tail_of_a_large_snapshot_grows_as_long_as_the_snapshot_is()
    {
        await Keep(SnapshotPace.EntriesMin);
        var lines = _state.Count + _state.Commands.Count;
        Assert.True(lines > SnapshotPace.EntriesMin);
        await Keep(lines);
        Assert.Equal(lines, File.ReadAllLines(Tail).Length);
        await Keep(1);
        Assert.Empty(File.ReadAllLines(Tail));
        await MustBeKept();
    }

    [Fact]
    public async Task Another_history_takes_the_place_of_the_old_one()
    {
        await Keep(3);
        var other = ModelState.Empty("t2");
        _replica.Load(other);
        _state = other;
        await Keep(0);
        Assert.Equal("t2", (await _copy.Read(None))!.State.Timeline);
        await Keep(2);
        await MustBeKept();
    }

    [Fact]
    public async Task Half_a_line_at_the_end_costs_that_line_only()
    {
        await Keep(1);
        await Keep(3);
        var bytes = File.ReadAllBytes(Tail);
        foreach (var cut in (int[])[1, 20, bytes.Length / 2, bytes.Length])
        {
            File.WriteAllBytes(Tail, bytes[..^cut]);
            var left = bytes[..^cut].Count(b => b == '\n');
            // A line that lacks its end only is whole.
            Assert.Equal(1 + (cut == 1 ? 3 : left), (await _copy.Read(None))!.State.Index);
        }
    }

    [Fact]
    public async Task An_altered_entry_and_all_behind_it_are_not_believed()
    {
        await Keep(1);
        await Keep(3);
        var lines = File.ReadAllLines(Tail);
        lines[1] = lines[1].Replace("copy-3", "copy-9", StringComparison.Ordinal);
        File.WriteAllLines(Tail, lines);
        Assert.Equal(2, (await _copy.Read(None))!.State.Index);
    }

    [Fact]
    public async Task A_crash_between_snapshot_and_new_tail_leaves_entries_that_are_known_already()
    {
        await Keep(1);
        await Keep(3);
        var tail = File.ReadAllBytes(Tail);
        await _copy.Write(_state, None);
        File.WriteAllBytes(Tail, tail);
        await MustBeKept();
        File.Delete(Tail);
        await MustBeKept();
    }

    [Theory]
    [InlineData("altered")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("another file")]
    public async Task A_damaged_snapshot_is_set_aside_and_made_anew(string damage)
    {
        await Keep(4);
        var bytes = File.ReadAllBytes(Snapshot);
        if (damage == "altered") bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(Snapshot, damage switch
        {
            "cut" => bytes[..(bytes.Length / 2)],
            "empty" => [],
            "another file" => "no gzip at all"u8.ToArray(),
            _ => bytes,
        });
        Assert.Null(await _copy.Read(None));
        Assert.True(File.Exists(Snapshot + ".damaged"));
        Assert.False(File.Exists(Snapshot));
        await _copy.Write(_state, None);
        await MustBeKept();
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_tried_again_and_stops_nobody()
    {
        File.WriteAllText(_folder["model"], "A file stands where the folder should be.");
        await Keep(3);
        Assert.Null(await _copy.Read(None));
        File.Delete(_folder["model"]);
        await Keep(1);
        await MustBeKept();
    }

    // Some entries more, and a turn of the keeper.
    private async Task Keep(int entries)
    {
        if (_replica.Loads == 0) _replica.Load(Empty);
        var made = ImmutableArray.CreateBuilder<ModelEntry>();
        for (var i = 0; i < entries; i++)
        {
            var append = Assert.IsType<Decision.Append>(Decide(_state, Of(Node($"copy-{_state.Index + 1}"))));
            made.Add(append.Entry);
            _state = append.Next;
        }

        _replica.Offer(made.ToImmutable());
        await _keeper.Turn(None);
    }

    private async Task MustBeKept()
    {
        var stored = (await _copy.Read(None))!.State;
        Assert.Equal(
            (_state.Timeline, _state.Index, _state.Digest, _state.ContentDigest, _state.At),
            (stored.Timeline, stored.Index, stored.Digest, stored.ContentDigest, stored.At));
    }
}

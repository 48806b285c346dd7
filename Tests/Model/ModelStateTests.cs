using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model;

/// <summary>Goal: who applies the same entries has the same state, on whichever way it got there.</summary>
public sealed class ModelStateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_replica_a_snapshot_and_the_sequencer_agree_after_random_commands(int seed)
    {
        var chance = new Random(seed);
        var state = Empty;
        var replica = Empty;
        for (var i = 0; i < 300; i++)
        {
            var command = i % 2 == 0 ? Of(Random(chance)) : Of(Random(chance), Random(chance));
            if (Decide(state, command) is not Decision.Append append) continue;
            state = append.Next;
            replica = replica.Apply(append.Entry);
            if (i % 50 == 0) replica = await Copy(replica);
        }

        Assert.True(state.Index > 50);
        MustBeEqual(state, replica);
        MustBeEqual(state, ModelState.Load(state, EntityKinds.All.SelectMany(state.List).ToList()));
    }

    [Fact]
    public void Entries_that_do_not_follow_or_were_altered_are_refused()
    {
        var first = Assert.IsType<Decision.Append>(Decide(Empty, Of(Node("n1"))));
        var second = Assert.IsType<Decision.Append>(Decide(first.Next, Of(Node("n2")))).Entry;
        Assert.Throws<InvalidDataException>(() => Empty.Apply(second));
        Assert.Throws<InvalidDataException>(() => first.Next.Apply(first.Entry));
        var altered = second with { Content = second.Content.Replace("n2", "n3", StringComparison.Ordinal) };
        Assert.Throws<InvalidDataException>(() => first.Next.Apply(altered));
    }

    [Fact]
    public async Task A_snapshot_that_was_cut_or_altered_is_refused()
    {
        var state = After(Empty, Of(Node("n1", "ssd"), VirtualStorage("s", "@n1")));
        using var stream = new MemoryStream();
        await SnapshotText.Write(state, stream, CancellationToken.None);
        var text = stream.ToArray();
        await MustBeRefused(text[..^20]);
        await MustBeRefused([]);
        text[^30]++;
        await MustBeRefused(text);
    }

    [Fact]
    public async Task A_snapshot_knows_the_commands_that_may_come_again()
    {
        var command = Of(Node("n1")) with { Key = "k" };
        var copy = await Copy(After(Empty, command, Of(Node("n2"))));
        Assert.Equal(1, Assert.IsType<Decision.Answer>(Decide(copy, command)).Reply.Index);
        Assert.Equal(2, copy.Commands.List().Count());
    }

    [Fact]
    public void A_command_is_known_for_as_long_as_a_gateway_sends_it_again_however_many_others_come()
    {
        // 3,000 a second.
        var known = KnownCommands.None;
        for (var i = 0; i < 120_000; i++)
        {
            known = known.With(Entry(i, Now + TimeSpan.FromSeconds(i / 3_000.0)));
            if (i % 1_000 != 0) continue;
            Assert.NotNull(known.Find("root", null, CommandOf(Math.Max(i - 90_000, 0))));
            Assert.Null(known.Find("root", null, CommandOf(i - 97_000)));
        }

        Assert.InRange(known.List().Count(), 90_000, 97_000);
        Assert.Single(known.With(Entry(0, Now + TimeSpan.FromMinutes(2))).List());
    }

    [Fact]
    public void Only_so_many_commands_are_known()
    {
        var known = KnownCommands.None;
        for (var i = 0; i < 103_000; i++) known = known.With(Entry(i, Now));
        Assert.InRange(known.List().Count(), 99_000, 100_000);
        Assert.NotNull(known.Find("root", null, CommandOf(102_999)));
    }

    private static JournalEntry Entry(int i, DateTimeOffset at) => new(i, at, "root", CommandOf(i), null, "h", []);

    private static Guid CommandOf(int i) => new(i, 1, 0, new byte[8]);

    private static WriteChange Random(Random chance)
    {
        var node = $"n{chance.Next(12)}";
        var storage = $"s{chance.Next(5)}";
        return chance.Next(7) switch
        {
            0 or 1 => Node(node, $"a{chance.Next(3)}"),
            2 => Patch("node", node, $$$"""{"tags":{"t":"{{{chance.Next()}}}"}}"""),
            3 => Delete("node", node),
            4 => VirtualStorage(storage, $"@{node}", "#a1"),
            5 => Update(
                "virtual-storage", storage, $$$"""{"spec":{"replicationFactor":2,"nodes":["@{{{node}}}"]}}"""),
            _ => Delete("virtual-storage", storage),
        };
    }

    private static async Task<ModelState> Copy(ModelState state)
    {
        using var stream = new MemoryStream();
        await SnapshotText.Write(state, stream, CancellationToken.None);
        stream.Position = 0;
        return await SnapshotText.Read(stream, CancellationToken.None);
    }

    private static async Task MustBeRefused(byte[] text)
    {
        using var stream = new MemoryStream(text);
        await Assert.ThrowsAsync<InvalidDataException>(() => SnapshotText.Read(stream, CancellationToken.None));
    }

    private static void MustBeEqual(ModelState one, ModelState other)
    {
        Assert.Equal((one.Index, one.Digest, one.Count, one.At), (other.Index, other.Digest, other.Count, other.At));
        Assert.Equal(one.ContentDigest, other.ContentDigest);
        foreach (var entity in EntityKinds.All.SelectMany(one.List))
        {
            Assert.Equal(ModelDigests.Of(entity), ModelDigests.Of(other.Find(entity.Key)!));
            Assert.Equal(one.IsReferenced(entity.Key), other.IsReferenced(entity.Key));
        }
    }
}

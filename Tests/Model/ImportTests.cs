using System.Text;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model;

/// <summary>Goal: what is imported is what a sequencer could have made, or is refused with its place.</summary>
public sealed class ImportTests
{
    private static readonly ModelState Sound = After(
        Empty, Of(Node("n1", "ssd"), Node("n2"), VirtualStorage("s", "@n1", "#ssd")), Of(Node("n3")));

    [Fact]
    public async Task A_sound_model_has_no_flaw_and_begins_a_history_behind_both()
    {
        var read = await Read(await Write(Sound));
        Assert.Empty(ImportRules.FlawsOf(read));
        foreach (var (present, expected) in ((long, long)[])[(0, 3), (2, 3), (900, 901)])
        {
            var head = new JournalHead("old", 4, present, new string('1', 64));
            var (start, entry) = ImportRules.Begin(read, head, "new", Guid.Empty, "root", Now.AddDays(1));
            Assert.Equal((expected, "new"), (entry.Index, start.Timeline));
            var next = start.Apply(entry);
            Assert.Equal((expected, Sound.ContentDigest, Now.AddDays(1)), (next.Index, next.ContentDigest, next.At));
        }
    }

    [Fact]
    public async Task A_reference_that_leads_nowhere_is_named()
    {
        var text = (await Write(Sound)).Replace("\"@n1\"", "\"@n9\"", StringComparison.Ordinal);
        var flaw = Assert.Single(ImportRules.FlawsOf(await Read(WithRightDigest(text))));
        Assert.Equal(("virtual-storage/s", "spec.nodes[0]"), (flaw.Entity.ToString(), flaw.Flaw.Field));
    }

    [Theory]
    [InlineData("\"replicationFactor\":3", "\"replicationFactor\":30", "spec.replicationFactor")]
    [InlineData("\"name\":\"n3\"", "\"name\":\" n3\"", "name")]
    [InlineData("\"version\":2", "\"version\":77", "version")]
    public async Task What_a_write_would_not_be_allowed_an_import_is_not(string before, string after, string field)
    {
        var text = (await Write(Sound)).Replace(before, after, StringComparison.Ordinal);
        Assert.Equal(field, Assert.Single(ImportRules.FlawsOf(await Read(WithRightDigest(text)))).Flaw.Field);
    }

    [Theory]
    [InlineData("\"name\":\"n2\"", "\"name\":\"n1\"", "Two nodes have the same name")]
    [InlineData("\"id\":\"n2\"", "\"id\":\"n1\"", "node/n1 is there twice")]
    [InlineData("\"kind\":\"node\",\"id\":\"n3\"", "\"kind\":\"hose\",\"id\":\"n3\"", "no snapshot of a model: line 6")]
    [InlineData("\"isDrained\":false", "\"isDraned\":false", "no snapshot of a model: line 6")]
    [InlineData("\"attributes\":[\"ssd\"]", "\"attributes\":[\"hdd\"]", "doesn't have its digest")]
    [InlineData("\"format\":1", "\"format\":2", "format 1, not 2")]
    [InlineData("\"index\":2,\"digest\"", "\"index\":-2,\"digest\"", "header makes no sense")]
    [InlineData("\"entities\":4", "\"entities\":2000001", "up to 2000000")]
    [InlineData("\"entities\":4", "\"entities\":5", "ends too early, in line 8")]
    [InlineData("\"entities\":4", "\"entities\":3", "goes on after its end, line 6")]
    [InlineData("\"format\":1", "\"format\":1,\"colour\":\"red\"", "no snapshot of a model: line 1")]
    public async Task What_is_no_snapshot_is_refused_with_the_place(string before, string after, string word)
    {
        var text = await Write(Sound);
        var at = text.LastIndexOf(before, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{before} is not in\n{text}");
        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => Read(text[..at] + after + text[(at + before.Length)..]));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_is_held()
    {
        using var endless = new EndlessLine();
        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => SnapshotText.Read(endless, CancellationToken.None));
        Assert.Contains("Line 1", error.Message, StringComparison.Ordinal);
        Assert.InRange(endless.Given, 4 * 1024 * 1024, 16 * 1024 * 1024);
    }

    [Fact]
    public async Task An_export_for_readers_has_no_secrets_and_no_installation_begins_with_it()
    {
        const string Hash = """
            {"spec":{"identity":"ann","password":{"hash":{"algorithm":"pbkdf2-sha512","iterations":210000,
            "salt":"AAAAAAAAAAAAAAAAAAAAAA","value":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}}}
            """;
        var state = After(Empty, Of(
            Create("identity", "ann", """{"spec":{"type":"person","roles":[],"attributes":[]}}"""),
            Create("authenticator", "p", Hash)));
        Assert.Contains("pbkdf2", await Write(state), StringComparison.Ordinal);
        using var stream = new MemoryStream();
        await SnapshotText.Write(state, stream, CancellationToken.None, isForReaders: true);
        var shown = Encoding.UTF8.GetString(stream.ToArray());
        Assert.DoesNotContain("pbkdf2", shown, StringComparison.Ordinal);
        Assert.Contains("without secrets", (await Assert.ThrowsAsync<InvalidDataException>(
            () => Read(shown))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_model_that_silos_alone_have_made_is_fresh()
    {
        var storages = new HashSet<EntityId> { EntityId.Parse("s") };
        Assert.True(ImportRules.IsFresh(Empty, storages));
        var admin = After(Empty, Of(Create(
            "identity", "admin", """{"spec":{"type":"person","roles":["admin"],"attributes":[]}}""")));
        var fresh = After(admin, Of(Node("n1"), VirtualStorage("s", "#all")));
        Assert.True(ImportRules.IsFresh(fresh, storages));
        foreach (var more in (WriteChange[])[Node("n2", "ssd"), VirtualStorage("t", "#all")])
            Assert.False(ImportRules.IsFresh(After(fresh, Of(more)), storages));
        Assert.False(ImportRules.IsFresh(
            After(fresh, Of(Patch("node", "n1", """{"tags":{"zone":"a"}}"""))), storages));
    }

    private static async Task<string> Write(ModelState state)
    {
        using var stream = new MemoryStream();
        await SnapshotText.Write(state, stream, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task<ModelState> Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await SnapshotText.Read(stream, CancellationToken.None);
    }

    // Who forges a model forges its digest, too.
    private static string WithRightDigest(string text)
    {
        var lines = text.TrimEnd().Split('\n');
        var entities = lines[^4..].Select(line =>
            System.Text.Json.JsonSerializer.Deserialize<Entity>(line, Aedile.Client.Wire.Json)!);
        UInt128 digest = 0;
        foreach (var entity in entities) digest = unchecked(digest + ModelDigests.Of(entity));
        return text.Replace(
            Sound.ContentDigest.ToString("x32", null), digest.ToString("x32", null), StringComparison.Ordinal);
    }

    private sealed class EndlessLine : Stream
    {
        public int Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'x');
            Given += count;
            return count;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

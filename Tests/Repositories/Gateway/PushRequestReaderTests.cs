using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Aedile.Client.Repositories;
using Aedile.Silo.Gateway.Repositories;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>Goal: a push is understood exactly, or refused before anything is begun.</summary>
public sealed class PushRequestReaderTests
{
    private const string Flush = "0000";
    private static readonly string A = new('a', 40);
    private static readonly string B = new('b', 40);
    private static readonly string Zero = RefUpdate.Zero;

    private static string Line(string text) =>
        (Encoding.UTF8.GetByteCount(text) + 4).ToString("x4", CultureInfo.InvariantCulture) + text;

    private static Task<PushRequest> Read(params IEnumerable<string> parts) => Read(new PushOptions(), parts);

    private static async Task<PushRequest> Read(PushOptions limits, params IEnumerable<string> parts) =>
        await new PushRequestReader(Pieces.Whole(parts), limits).Read(CancellationToken.None);

    private static async Task Refused(int status, string words, params IEnumerable<string> parts)
    {
        var error = await Assert.ThrowsAsync<GitProtocolException>(() => Read(parts));
        Assert.Equal(status, error.Status);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_capabilities_and_options_are_read_and_the_pack_is_left()
    {
        var body = Pieces.Whole(
            Line($"shallow {A}"),
            Line($"{A} {B} refs/heads/main\0 report-status-v2 side-band-64k atomic push-options object-format=sha1"),
            Line($"{Zero} {A} refs/heads/new\n"), Line($"{B} {Zero} refs/tags/old"), Flush,
            Line("ci.skip\n"), Line(""), Flush, "PACK...");
        var request = await new PushRequestReader(body, new PushOptions()).Read(CancellationToken.None);

        Assert.Equal(
            [
                new RefUpdate("refs/heads/main", A, B), new RefUpdate("refs/heads/new", Zero, A),
                new RefUpdate("refs/tags/old", B, Zero),
            ],
            request.Updates);
        Assert.Equal(new PushCapabilities(ReportStatus: true, SideBand: true, Atomic: true, PushOptions: true),
            request.Capabilities);
        Assert.Equal(["ci.skip", ""], request.Options);
        Assert.Empty(request.Rejections);
        Assert.Equal("PACK..."u8.ToArray(), await Pieces.Rest(body));
    }

    [Fact]
    public async Task Four_bytes_are_a_probe_and_no_push()
    {
        Assert.True((await Read(Flush)).IsProbe);
        Assert.False((await Read(Line($"{A} {B} refs/heads/main"), Flush)).IsProbe);
    }

    [Fact]
    public async Task Options_that_the_client_did_not_announce_belong_to_the_pack()
    {
        var body = Pieces.Whole(Line($"{A} {B} refs/heads/main\0report-status"), Flush, Line("option"), Flush);
        var request = await new PushRequestReader(body, new PushOptions()).Read(CancellationToken.None);
        Assert.Empty(request.Options);
        Assert.Equal("000aoption0000"u8.ToArray(), await Pieces.Rest(body));
    }

    [Fact]
    public async Task Object_ids_are_compared_in_lower_case()
    {
        var request = await Read(Line($"{A.ToUpperInvariant()} {B} refs/heads/main"), Flush);
        Assert.Equal(A, Assert.Single(request.Updates).Old);
    }

    [Fact]
    public async Task What_is_merely_not_allowed_is_rejected_with_gits_words_and_the_rest_goes_on()
    {
        var request = await Read(
            Line($"{A} {B} refs/heads/good\0"), Line($"{A} {B} refs/heads/twice"), Line($"{B} {A} refs/heads/twice"),
            Line($"{A} {B} refs/heads/../escape"), Line($"{A} {B} HEAD"),
            Line($"{Zero} {Zero} refs/heads/none"), Flush);
        Assert.Equal("refs/heads/good", Assert.Single(request.Updates).Name);
        Assert.Equal(
            [
                ("HEAD", "funny refname"), ("refs/heads/../escape", "funny refname"),
                ("refs/heads/none", "there is no such ref to delete"),
                ("refs/heads/twice", "multiple updates for one ref"),
                ("refs/heads/twice", "multiple updates for one ref"),
            ],
            request.Rejections.Select(r => (r.Name, r.Reason!)));
    }

    [Fact]
    public async Task What_is_no_protocol_ends_the_request()
    {
        var good = Line($"{A} {B} refs/heads/main");
        await Refused(400, "old-id new-id name", Line(""), Flush);
        await Refused(400, "old-id new-id name", Line($"{A} {B} "), Flush);
        await Refused(400, "old-id new-id name", Line($"{A}  {B}refs/heads/main"), Flush);
        await Refused(400, "old-id new-id name", Line($"{A[1..]}x {B} refs/heads/main"), Flush);
        await Refused(400, "shallow", Line("shallow HEAD"), Flush);
        await Refused(400, "signed", Line("push-cert\0push-options"), Flush);
        await Refused(400, "capabilities", good, Line($"{A} {B} refs/heads/x\0atomic"), Flush);
        await Refused(400, "ends inside", good);
        await Refused(400, "ends inside", Line($"{A} {B} refs/heads/main\0push-options"), Flush, Line("option"));
        await Refused(400, "out of range", good, "0001", Flush);
    }

    [Fact]
    public async Task Names_that_are_no_utf8_are_refused()
    {
        byte[] line = [.. Encoding.ASCII.GetBytes($"0066{A} {B} refs/heads/a"), 0xc3, 0x28, .. "0000"u8];
        var error = await Assert.ThrowsAsync<GitProtocolException>(
            () => new PushRequestReader(Pieces.Cut(line, 1), new PushOptions()).Read(CancellationToken.None));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_of_objects_named_by_sha256_is_told_so()
    {
        var (x, y) = (new string('c', 64), new string('d', 64));
        await Refused(400, "sha1", Line($"{x} {y} refs/heads/main\0report-status object-format=sha256"), Flush);
    }

    [Fact]
    public async Task Refs_beyond_the_limit_are_refused()
    {
        var limits = new PushOptions { RefsMax = 2 };
        string[] three = [.. Enumerable.Range(0, 3).Select(i => Line($"{A} {B} refs/heads/{i}"))];
        Assert.Equal(2, (await Read(limits, [.. three[..2], Flush])).Updates.Length);
        var error = await Assert.ThrowsAsync<GitProtocolException>(() => Read(limits, [.. three, Flush]));
        Assert.Equal(413, error.Status);
    }

    // Compressed, a gigabyte of empty packets is a megabyte: without their lengths nothing would bound the list.
    [Theory]
    [InlineData("")]
    [InlineData("option")]
    public async Task Push_options_beyond_the_limit_are_refused_even_empty_ones(string option)
    {
        var limits = new PushOptions { CommandBytesMax = 4096 };
        var command = Line($"{A} {B} refs/heads/main\0push-options");
        var flood = Enumerable.Repeat(Line(option), 1100);
        var error = await Assert.ThrowsAsync<GitProtocolException>(
            () => Read(limits, [command, Flush, .. flood, Flush]));
        Assert.Equal(413, error.Status);
    }

    [Fact]
    public void Every_push_is_read_the_same_wherever_the_network_cuts()
    {
        var names = Gen.Elements("refs/heads/a", "refs/heads/b", "refs/tags/v1", "refs/x/y/z", "HEAD", "refs/heads/ä");
        var ids = Gen.Elements(A, B, Zero);
        var updates = names.SelectMany(n => ids.SelectMany(o => ids.Select(i => new RefUpdate(n, o, i)))).ListOf();
        Prop.ForAll(updates.ToArbitrary(), Pieces.Seeds, (asked, seed) =>
        {
            var text = string.Concat(asked.Select(u => Line($"{u.Old} {u.New} {u.Name}")).Append(Flush));
            var request = new PushRequestReader(Pieces.Cut(Encoding.UTF8.GetBytes(text), seed), new PushOptions())
                .Read(CancellationToken.None).GetAwaiter().GetResult();

            var answered = request.Updates.Select(u => u.Name).Concat(request.Rejections.Select(r => r.Name));
            Assert.Equal(
                asked.Select(u => u.Name).Order(StringComparer.Ordinal), answered.Order(StringComparer.Ordinal));
            Assert.Subset(asked.ToHashSet(), request.Updates.ToHashSet());
            var order = request.Updates.Select(u => u.Name).ToImmutableArray();
            Assert.Equal(order.Distinct().Order(StringComparer.Ordinal), order);
        }).QuickCheckThrowOnFailure();
    }
}

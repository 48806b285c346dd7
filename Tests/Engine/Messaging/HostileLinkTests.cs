using System.Net;
using System.Net.Sockets;
using System.Text;
using Aedile.Engine.Messaging;
using Aedile.Engine.Serialization;
using Aedile.Tests.Engine.Enumerations;
using Aedile.Tests.Support;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: whatever strangers send to a silo's ports, it lives, says so in a line, and serves others.</summary>
public sealed class HostileLinkTests
{
    public static TheoryData<string, string> Strangers => new()
    {
        { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "another protocol" },
        { "\x16\x03\x01\x02\x00\x01\x00\x01", "another protocol" },
        { "\x08\0\0\0garbage!", "its first bytes are 'garbage!'" },
        { "\x2a\0\0\0....sys.client.hosted/0123456789abcdef01234567", "official Orleans packages" },
        { Encoding.Latin1.GetString(OfficialGreetings.OfSilo), "official Orleans packages" },
        { Encoding.Latin1.GetString(OfficialGreetings.OfClient), "official Orleans packages" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_stranger_is_refused_in_one_clear_line(string bytes, string line)
    {
        await using var fleet = await WireFleet.Start(1);
        using var socket = await Connect(fleet.GatewayOf(0));
        await socket.SendAsync(Encoding.Latin1.GetBytes(bytes));
        await Ended(socket);
        await fleet[0].Log.Line(line);
        Assert.Equal(1, await fleet[0].Tally("0:a").Add(1));
    }

    [Fact]
    public async Task A_stranger_who_says_nothing_is_cut_off_in_time()
    {
        var clock = new ManualTime();
        await using var fleet = await WireFleet.Start(1, clock);
        var timers = clock.ArmedTimers;
        using var socket = await Connect(fleet[0].Address.Endpoint);
        await socket.SendAsync(new byte[] { 9 });
        while (clock.ArmedTimers == timers) await Task.Yield();
        clock.Advance(TimeSpan.FromSeconds(6));
        await Ended(socket);
        await fleet[0].Log.Line("did not greet in time");
    }

    [Fact]
    public async Task Random_and_cut_and_oversized_frames_behind_a_greeting_end_the_link_and_nothing_else()
    {
        await using var fleet = await WireFleet.Start(1);
        var random = new Random(20261121);
        for (var round = 0; round < 120; round++)
        {
            using var socket = await Connect(fleet.GatewayOf(0));
            await SendFrame(socket, Greet("test").ToFrame());
            var bytes = new byte[random.Next(1, 4000)];
            random.NextBytes(bytes);
            if (round % 3 == 0) await socket.SendAsync(bytes);
            else await SendFrame(socket, round % 3 == 1 ? bytes : Request(bytes, (byte)round));
            socket.Shutdown(SocketShutdown.Send);
            await Ended(socket);
        }

        Assert.Equal(1, await fleet[0].Tally("0:a").Add(1));
    }

    [Theory]
    [InlineData("test-tally", "NoSuchMethod", "NoSuchMethod")]
    [InlineData("no-such-contract", "Add", "no-such-contract")]
    [InlineData("System.Diagnostics.Process", "Start", "System.Diagnostics.Process")]
    public async Task An_unknown_contract_or_method_is_refused_by_name(string contract, string method, string named)
    {
        await using var fleet = await WireFleet.Start(1);
        using var socket = await Connect(fleet.GatewayOf(0));
        await SendFrame(socket, Greet("test").ToFrame());
        var writer = new WireWriter(WireLimits.Default);
        new FrameHeader(FrameKind.Request, default, default, 0, 1, 0, 1000).Write(writer.Next(FrameHeader.Length));
        foreach (var text in new[] { "tally", "0:a", contract, method }) writer.Text(text);
        writer.Varint(0);
        await SendFrame(socket, writer.Written);
        await ReadFrame(socket); // The silo's greeting.
        var answer = await ReadFrame(socket);
        Assert.Equal(AnswerStatus.Refused, FrameHeader.Read(answer).Status);
        Assert.Contains(named, Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
        Assert.Equal(0, fleet[0].Host.Activations);
    }

    [Theory]
    [InlineData("sys.client", "stranger+1", "deleted")]
    [InlineData("sys.client", "no-number", "no observer")]
    [InlineData("sys.client", "hosted-nonsense+1", "connected to no silo")]
    [InlineData("sys.client", "hosted-127.0.0.9:1@7+1", "can't be called")]
    [InlineData("tally", "0:a", "no observer")]
    [InlineData("", "", "empty")]
    public async Task A_notice_for_nobody_is_answered_with_the_reason(string type, string key, string reason)
    {
        await using var fleet = await WireFleet.Start(1);
        using var socket = await Connect(fleet.GatewayOf(0));
        await SendFrame(socket, (Greet("test") with { Client = "other" }).ToFrame());
        await ReadFrame(socket); // The silo's greeting.
        var writer = new WireWriter(WireLimits.Default);
        new FrameHeader(FrameKind.Notice, default, default, 0, 1, 0, 9000).Write(writer.Next(FrameHeader.Length));
        var own = $"hosted-{fleet[0].Address.ToParsableString()}+1";
        if (key == "stranger+1") key = own;
        foreach (var text in new[] { type, key, "test-reader", "Answer" }) writer.Text(text);
        writer.Varint(0);
        await SendFrame(socket, writer.Written);
        byte[] answer;
        do answer = await ReadFrame(socket);
        while (FrameHeader.Read(answer).Kind == FrameKind.Status); // Words about a silo that is looked for.
        Assert.Contains(reason, Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public async Task An_enumeration_of_any_batch_size_harms_nobody(int size)
    {
        await using var fleet = await WireFleet.Start(1);
        using var socket = await Connect(fleet.GatewayOf(0));
        await SendFrame(socket, Greet("test").ToFrame());
        await ReadFrame(socket); // The silo's greeting.
        var codecs = fleet[0].Links.Wire.Codecs;
        var writer = new WireWriter(WireLimits.Default);
        new FrameHeader(FrameKind.Request, default, default, 0, 1, 0, 9000).Write(writer.Next(FrameHeader.Length));
        foreach (var text in new[] { "lister", "0:a", "test-lister", "Endless" }) writer.Text(text);
        writer.Varint(2);
        codecs.For<Guid>().WriteElement(writer, default);
        codecs.For<int>().WriteElement(writer, size);
        await SendFrame(socket, writer.Written);
        var answer = await ReadFrame(socket);
        Assert.Equal(size < 1 ? AnswerStatus.Failed : AnswerStatus.Done, FrameHeader.Read(answer).Status);
        Assert.InRange(answer.Length, FrameHeader.Length, 100_000);
        Assert.InRange(await fleet[0].Grains.GetGrain<IListerGrain>("0:a").Produced(), 0, 10_001);
    }

    [Fact]
    public async Task Arguments_nested_too_deep_are_refused_and_the_link_lives()
    {
        await using var fleet = await WireFleet.Start(1);
        using var socket = await Connect(fleet.GatewayOf(0));
        await SendFrame(socket, Greet("test").ToFrame());
        var writer = new WireWriter(WireLimits.Default);
        new FrameHeader(FrameKind.Request, default, default, 0, 1, 0, 1000).Write(writer.Next(FrameHeader.Length));
        foreach (var text in new[] { "tally", "0:a", "test-tally", nameof(ITallyGrain.Describe) }) writer.Text(text);
        writer.Varint(1);
        writer.Kind(WireKind.Object);
        for (var depth = 0; depth < 100_000; depth++) writer.Key(99, WireKind.Object);
        await SendFrame(socket, writer.Written);
        await ReadFrame(socket);
        Assert.Contains("nested deeper", Encoding.UTF8.GetString(await ReadFrame(socket)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clocks_that_are_an_hour_apart_are_a_warning_and_no_reason_to_refuse()
    {
        await using var fleet = await WireFleet.Start(1);
        using var socket = await Connect(fleet.GatewayOf(0));
        var ahead = Greet("test") with { SentAt = TimeProvider.System.GetUtcNow().AddHours(1) };
        await SendFrame(socket, ahead.ToFrame());
        Assert.StartsWith("AEDILE", Encoding.UTF8.GetString(await ReadFrame(socket)), StringComparison.Ordinal);
        await fleet[0].Log.Line("the clock of client stranger differs by 3");
    }

    private static Greeting Greet(string cluster) =>
        new(cluster, "service", null, "stranger", null, TimeProvider.System.GetUtcNow());

    private static byte[] Request(byte[] noise, byte number)
    {
        var frame = new byte[FrameHeader.Length + noise.Length];
        var kind = (FrameKind)(1 + (number % 9)); // One more than there are.
        new FrameHeader(kind, (FrameFlags)(number % 16), default, number, number, 0, 1000).Write(frame);
        noise.CopyTo(frame, FrameHeader.Length);
        return frame;
    }

    private static async Task<Socket> Connect(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        return socket;
    }

    private static async Task SendFrame(Socket socket, ReadOnlyMemory<byte> frame)
    {
        await socket.SendAsync(BitConverter.GetBytes(frame.Length));
        await socket.SendAsync(frame);
    }

    private static async Task<byte[]> ReadFrame(Socket socket) =>
        await ReadBytes(socket, BitConverter.ToInt32(await ReadBytes(socket, 4)));

    private static async Task<byte[]> ReadBytes(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(at));
            Assert.NotEqual(0, read);
            at += read;
        }

        return bytes;
    }

    // Reads until the silo hangs up, in order or not.
    private static async Task Ended(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Aedile.Silo.Gateway.Repositories;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>Goal: packets are read as git writes them, wherever the network cuts; what is none is refused.</summary>
public sealed class PktLineTests
{
    [Fact]
    public void What_was_written_is_read_again_wherever_the_network_cuts()
    {
        var lines = ArbMap.Default.GeneratorFor<byte[]>().ListOf();
        Prop.ForAll(lines.ToArbitrary(), Pieces.Seeds, (payloads, seed) =>
        {
            var wire = new ArrayBufferWriter<byte>();
            foreach (var payload in payloads) PktLine.Write(wire, payload);
            PktLine.WriteFlush(wire);
            wire.Write("PACK"u8);

            var reader = Pieces.Cut(wire.WrittenMemory, seed);
            foreach (var payload in payloads) Assert.Equal(payload, Read(reader).Payload);
            Assert.True(Read(reader).IsFlush);
            Assert.Equal("PACK"u8.ToArray(), Pieces.Rest(reader).GetAwaiter().GetResult());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_largest_packet_has_65520_bytes_with_its_length()
    {
        var wire = new ArrayBufferWriter<byte>();
        PktLine.Write(wire, new byte[PktLine.BytesMax - PktLine.HeaderBytes]);
        Assert.Equal("fff0"u8.ToArray(), wire.WrittenSpan[..4].ToArray());
        Assert.Equal(65516, Take(wire.WrittenMemory).Payload!.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => PktLine.Write(wire, new byte[PktLine.BytesMax - 3]));
    }

    [Theory]
    [InlineData("0001")] // Delimiters are of protocol v2; a push is v0.
    [InlineData("0002")]
    [InlineData("0003")]
    [InlineData("fff1")]
    [InlineData("ffff")]
    [InlineData("-004")]
    [InlineData("+004")]
    [InlineData(" 004")]
    [InlineData("0x04")]
    [InlineData("PACK")]
    public void A_length_that_cannot_be_is_malformed(string header)
    {
        var error = Assert.Throws<GitProtocolException>(() => Take(Encoding.ASCII.GetBytes(header + "more")));
        Assert.Equal(400, error.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0006a")]
    public async Task A_stream_that_ends_inside_a_packet_is_malformed(string wire)
    {
        var error = await Assert.ThrowsAsync<GitProtocolException>(
            async () => await PktLine.Read(Pieces.Whole(wire), CancellationToken.None));
        Assert.Equal(400, error.Status);
    }

    [Fact]
    public void Half_a_packet_is_left_where_it_is()
    {
        var bytes = new ReadOnlySequence<byte>("0008ab"u8.ToArray());
        Assert.False(PktLine.TryTake(ref bytes, out _));
        Assert.Equal(6, bytes.Length);
    }

    [Fact]
    public void Lengths_may_be_in_upper_case_and_a_packet_may_be_empty()
    {
        Assert.Equal("abcdef"u8.ToArray(), Take("000Aabcdef"u8.ToArray()).Payload);
        var empty = Take("0004"u8.ToArray());
        Assert.False(empty.IsFlush);
        Assert.Empty(empty.Payload!);
    }

    private static PktLine Take(ReadOnlyMemory<byte> wire)
    {
        var bytes = new ReadOnlySequence<byte>(wire);
        Assert.True(PktLine.TryTake(ref bytes, out var line));
        Assert.True(bytes.IsEmpty || !line.IsFlush);
        return line;
    }

    private static PktLine Read(PipeReader reader) =>
        PktLine.Read(reader, CancellationToken.None).AsTask().GetAwaiter().GetResult();
}

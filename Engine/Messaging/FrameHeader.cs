using System.Buffers.Binary;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Messaging;

/// <summary>What stands at a fixed place in every frame, so that a silo that passes it on changes only this.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Flags">More about it.</param>
/// <param name="Status">Of an answer.</param>
/// <param name="Forwards">How often a request was passed on by silos where its grain wasn't.</param>
/// <param name="Number">Pairs an answer with its request; 0 when there is none.</param>
/// <param name="View">The newest view that the sender knows; 0: none.</param>
/// <param name="LifeMs">How long the sender waits, in milliseconds; <see cref="uint.MaxValue"/>: for ever.</param>
internal readonly record struct FrameHeader(
    FrameKind Kind, FrameFlags Flags, AnswerStatus Status, byte Forwards, ulong Number, long View, uint LifeMs)
{
    public const int Length = 24;

    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)Kind;
        bytes[1] = (byte)Flags;
        bytes[2] = (byte)Status;
        bytes[3] = Forwards;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], LifeMs);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], View);
    }

    /// <exception cref="WireException">The frame is shorter than a header.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes) => bytes.Length >= Length
        ? new FrameHeader(
            (FrameKind)bytes[0], (FrameFlags)bytes[1], (AnswerStatus)bytes[2], bytes[3],
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
        : throw new WireException($"A frame of {bytes.Length} bytes is shorter than its header.");
}

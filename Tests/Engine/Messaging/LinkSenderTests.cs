using System.Buffers.Binary;
using System.IO.Pipelines;
using Aedile.Engine.Messaging;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: whoever sends when, the other end reads whole frames, each once, each sender's in order.</summary>
public sealed class LinkSenderTests
{
    private const int Senders = 3;
    private const int FramesEach = 2_000_000;

    [Fact(Timeout = 60_000)]
    public async Task Frames_of_many_threads_arrive_once_each_and_in_the_order_of_their_sender()
    {
        // No byte may be queued before somebody waits: the link goes idle, and is woken, as often as it can.
        var limits = new LinkLimits { QueuedBytes = 0 };
        var pipe = new Pipe();
        Exception? end = null;
        var sender = new LinkSender(pipe.Writer, limits, error => end = error);
        var read = Elsewhere(() => Read(pipe.Reader, limits));
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(number => Elsewhere(() => Send(sender, number))));
        sender.Complete();
        await sender.Done;
        Assert.Null(end);
        Assert.Equal(Enumerable.Repeat(FramesEach, Senders), await read);
    }

    private static Task<T> Elsewhere<T>(Func<Task<T>> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();

    private static async Task<int> Send(LinkSender sender, int number)
    {
        var frame = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(frame, number);
        for (var i = 0; i < FramesEach; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), i);
            Assert.True(sender.Send(frame));
            await sender.WhenWritable();
        }

        return number;
    }

    private static async Task<int[]> Read(PipeReader pipe, LinkLimits limits)
    {
        using var frames = new FrameReader(limits);
        var next = new int[Senders];
        while (true)
        {
            var result = await pipe.ReadAsync();
            var bytes = result.Buffer;
            while (frames.TryRead(ref bytes, out var frame))
            {
                var number = BinaryPrimitives.ReadInt32LittleEndian(frame.Span);
                Assert.Equal(next[number]++, BinaryPrimitives.ReadInt32LittleEndian(frame.Span[4..]));
            }

            pipe.AdvanceTo(bytes.Start, bytes.End);
            if (result.IsCompleted) return next;
        }
    }
}

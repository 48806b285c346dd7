using System.Reflection;
using Aedile.Engine.Serialization;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Questions between the engines of silos, on the links that calls use too.</summary>
/// <remarks>
/// A handler begins inside of the link's receiver, before anything that arrives behind the question, so no grain's
/// turn keeps it waiting.
/// </remarks>
internal sealed class SiloMessenger(Lazy<CallWire> wire, SiloPeers peers, SiloAddress self, TimeProvider clock)
    : ISiloMessenger
{
    private readonly Dictionary<string, Handler> _handlers = new(StringComparer.Ordinal);

    private delegate Task Handler(PeerLink link, FrameHeader header, WireReader reader);

    public async Task<TReply> Ask<TQuestion, TReply>(
        SiloAddress silo, TQuestion question, TimeSpan limit, CancellationToken cancellation)
        where TQuestion : notnull
        where TReply : notnull
    {
        var began = clock.GetTimestamp();
        PeerLink link;
        try
        {
            link = await peers[silo].Connect().WaitAsync(limit, clock, cancellation);
        }
        catch (IOException error)
        {
            throw new SiloUnavailableException($"{silo} could not be asked: {error.Message}", error);
        }

        var pending = new PendingQuestion<TReply>(wire.Value);
        var number = Send(link, question, pending, limit);
        if (number == 0) throw new SiloUnavailableException($"{silo} could not be asked: its link has just ended.");
        try
        {
            return await pending.Reply.WaitAsync(limit - clock.GetElapsedTime(began), clock, cancellation);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            link.SendCancel(number, isByCaller: false);
            if (error is OperationCanceledException) throw;
            throw new TimeoutException($"{silo} did not reply to {typeof(TQuestion).Name} within {limit}.", error);
        }
    }

    public void Answer<TQuestion, TReply>(Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>> handler)
        where TQuestion : notnull
        where TReply : notnull
    {
        _handlers.Add(NameOf(typeof(TQuestion)), (link, header, reader) =>
        {
            var question = wire.Value.Codecs.For<TQuestion>().ReadElement(reader);
            return Reply(link, header, handler(link.Peer.Silo ?? self, question, CancellationToken.None));
        });
    }

    public void Abandon(SiloAddress dead) => peers[dead].Abandon();

    /// <inheritdoc cref="ILinkOwner.Reply"/>
    public void Reply(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        var reader = wire.Value.Read(frame);
        var name = reader.Text();
        if (!_handlers.TryGetValue(name, out var handler))
        {
            link.SendAnswer(
                header.Number, AnswerStatus.Refused, $"Nobody here replies to '{name}'.", FrameKind.Reply);
            return;
        }

        _ = handler(link, header, reader);
    }

    private static string NameOf(Type question) =>
        question.GetCustomAttribute<AliasAttribute>()?.Alias ?? question.FullName!;

    private ulong Send<TQuestion>(PeerLink link, TQuestion question, IAwaited pending, TimeSpan limit)
    {
        var writer = wire.Value.Begin();
        writer.Text(NameOf(typeof(TQuestion)));
        wire.Value.Codecs.For<TQuestion>().WriteElement(writer, question);
        var life = (uint)Math.Clamp(limit.TotalMilliseconds, 1, uint.MaxValue - 1);
        var header = new FrameHeader(FrameKind.Question, default, default, 0, 0, 0, life);
        var number = link.TrySend(pending, writer.Bytes, header);
        wire.Value.Return(writer);
        return number;
    }

    private async Task Reply<TReply>(PeerLink link, FrameHeader header, Task<TReply> replying)
    {
        var writer = wire.Value.Begin();
        try
        {
            var reply = await replying;
            wire.Value.Codecs.For<TReply>().WriteElement(writer, reply);
            link.SendAnswer(writer, header.Number, AnswerStatus.Done, FrameKind.Reply);
        }
        catch (Exception error)
        {
            // Whatever went wrong belongs to who asked.
            link.SendAnswer(header.Number, AnswerStatus.Refused, error.Message, FrameKind.Reply);
        }

        wire.Value.Return(writer);
    }

    private sealed class PendingQuestion<TReply>(CallWire wire) : IAwaited
    {
        private readonly TaskCompletionSource<TReply> _reply =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TReply> Reply => _reply.Task;

        public void Answered(FrameHeader header, ReadOnlyMemory<byte> frame)
        {
            var reader = wire.Read(frame);
            if (header.Status == AnswerStatus.Done)
                _reply.TrySetResult(wire.Codecs.For<TReply>().ReadElement(reader));
            else _reply.TrySetException(new OrleansException($"The question failed: {reader.Text()}"));
        }

        public void Broken(SiloUnavailableException reason) => _reply.TrySetException(reason);
    }
}

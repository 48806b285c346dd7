using System.Reflection;
using Aedile.Engine.Serialization;
using Aedile.Engine.Turns;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Questions of one engine to another on a link, and who replies to them here.</summary>
/// <remarks>
/// A handler begins inside of the link's receiver, before anything that arrives behind the question, so no grain's
/// turn keeps it waiting.
/// </remarks>
internal sealed class LinkQuestions(Lazy<CallWire> wire, TimeProvider clock)
{
    private readonly Dictionary<string, Handler> _handlers = new(StringComparer.Ordinal);

    /// <summary>Says who replies to a type of question.</summary>
    /// <param name="asker">Who may ask it.</param>
    /// <param name="handler">Gets the link that it came on, and the question.</param>
    public void Answer<TQuestion, TReply>(PeerKind asker, Func<PeerLink, TQuestion, Task<TReply>> handler) =>
        _handlers.Add(NameOf(typeof(TQuestion)), new Handler(asker, (link, header, reader) =>
        {
            var question = wire.Value.Codecs.For<TQuestion>().ReadElement(reader);
            return Reply(link, header, handler(link, question));
        }));

    /// <exception cref="SiloUnavailableException">The link ended before the reply.</exception>
    /// <exception cref="TimeoutException">There was no reply within the limit.</exception>
    /// <exception cref="OrleansException">The other end could not reply; the text says why.</exception>
    public Task<TReply> Ask<TQuestion, TReply>(
        PeerLink link, TQuestion question, TimeSpan limit, CancellationToken cancellation) =>
        TryAsk<TQuestion, TReply>(link, question, limit, cancellation)
        ?? throw new SiloUnavailableException($"{link.Peer.Name} could not be asked: its link has just ended.");

    /// <inheritdoc cref="Ask"/>
    /// <returns>Null when it was surely not sent: the link has retired or ended.</returns>
    public Task<TReply>? TryAsk<TQuestion, TReply>(
        PeerLink link, TQuestion question, TimeSpan limit, CancellationToken cancellation)
    {
        var pending = new PendingQuestion<TReply>(wire.Value);
        var number = Send(link, question, pending, limit);
        return number == 0 ? null : WaitFor<TQuestion, TReply>(link, number, pending, limit, cancellation);
    }

    /// <inheritdoc cref="ILinkOwner.Reply"/>
    public void Reply(PeerLink link, FrameHeader header, ReadOnlyMemory<byte> frame)
    {
        var reader = wire.Value.Read(frame);
        var name = reader.Text();
        if (_handlers.TryGetValue(name, out var handler) && handler.Asker == link.Kind)
            _ = handler.Begin(link, header, reader);
        else Refuse(link, header, $"Nobody here replies to '{name}' of a {link.Kind}.");
    }

    private async Task<TReply> WaitFor<TQuestion, TReply>(
        PeerLink link, ulong number, PendingQuestion<TReply> pending, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            return await pending.Reply.WaitAsync(limit, clock, cancellation);
        }
        catch (OperationCanceledException)
        {
            link.SendCancel(number, isByCaller: false);
            throw;
        }
        catch (TimeoutException error)
        {
            link.SendCancel(number, isByCaller: false);
            throw new TimeoutException(
                $"{link.Peer.Name} did not reply to {typeof(TQuestion).Name} within {limit}.", error);
        }
    }

    private static void Refuse(PeerLink link, FrameHeader header, string reason) =>
        link.SendAnswer(header.Number, AnswerStatus.Refused, reason, FrameKind.Reply);

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
        try
        {
            var reply = await replying;
            var writer = wire.Value.Begin();
            wire.Value.Codecs.For<TReply>().WriteElement(writer, reply);
            link.SendAnswer(writer, header.Number, AnswerStatus.Done, FrameKind.Reply);
            wire.Value.Return(writer);
        }
        catch (Exception error)
        {
            Refuse(link, header, error.Message); // Whatever went wrong belongs to who asked.
        }
    }

    private sealed record Handler(PeerKind Asker, Func<PeerLink, FrameHeader, WireReader, Task> Begin);

    private sealed class PendingQuestion<TReply>(CallWire wire) : IAwaited
    {
        private readonly TaskCompletionSource<TReply> _reply =
            new(Continuations.Elsewhere);

        public Task<TReply> Reply => _reply.Task;

        public void Answered(FrameHeader header, ReadOnlyMemory<byte> frame)
        {
            try
            {
                var reader = wire.Read(frame);
                if (header.Status == AnswerStatus.Done)
                    _reply.TrySetResult(wire.Codecs.For<TReply>().ReadElement(reader));
                else _reply.TrySetException(new OrleansException($"The question failed: {reader.Text()}"));
            }
            catch (WireException error)
            {
                _reply.TrySetException(error);
            }
        }

        public void Broken(SiloUnavailableException reason) => _reply.TrySetException(reason);
    }
}

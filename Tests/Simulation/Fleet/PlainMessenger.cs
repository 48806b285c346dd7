using System.Buffers.Binary;
using System.Net;
using Aedile.Engine.Messaging;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>
/// Carries the engine's own questions over the simulated network with as little as possible, so that the membership
/// can be tried alone and fast. Frames hold numbers; what they stand for is in the run's list of letters.
/// </summary>
internal sealed class PlainMessenger(
    INetwork network, SimulatedProcess process, IPEndPoint endpoint, List<object> letters) : ISiloMessenger
{
    private readonly Dictionary<Type, Func<SiloAddress, object, CancellationToken, Task<object>>> _handlers = [];
    private readonly Dictionary<SiloAddress, Task<ILink>> _links = [];
    private readonly HashSet<SiloAddress> _abandoned = [];
    private readonly SortedDictionary<int, (SiloAddress To, TaskCompletionSource<object> Answer)> _waiting = [];

    /// <summary>Who asks and answers; a question to somebody else at this address is refused.</summary>
    public SiloAddress Self { get; set; } = null!;

    /// <summary>Takes questions from now on.</summary>
    public Task Listen() => network.Listen(
        endpoint, link => link.Start(new Reader(this, link, null)), CancellationToken.None);

    public async Task<TReply> Ask<TQuestion, TReply>(
        SiloAddress silo, TQuestion question, TimeSpan limit, CancellationToken cancellation)
        where TQuestion : notnull
        where TReply : notnull
    {
        if (_abandoned.Contains(silo)) throw new SiloUnavailableException($"{silo} is dead.");
        var answer = SimulatedProcess.Source<object>();
        var number = Put(new Question(Self, silo, question));
        _waiting.Add(number, (silo, answer));
        await using var timer = process.Time.CreateTimer(
            _ => answer.TrySetException(new TimeoutException($"{silo} did not answer within {limit}.")), null, limit,
            Timeout.InfiniteTimeSpan);
        await using var cancelled = cancellation.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<object>)state!).TrySetCanceled(token), answer);
        try
        {
            _ = Send(silo, number, answer);
            return (TReply)await answer.Task;
        }
        finally
        {
            _waiting.Remove(number);
        }
    }

    public void Answer<TQuestion, TReply>(Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>> handler)
        where TQuestion : notnull
        where TReply : notnull =>
        _handlers[typeof(TQuestion)] = async (from, question, cancellation) =>
            await handler(from, (TQuestion)question, cancellation);

    public void Abandon(SiloAddress dead)
    {
        _abandoned.Add(dead);
        if (_links.Remove(dead, out var link) && link.IsCompletedSuccessfully) link.Result.Close(null);
        Fail(dead, "is dead");
    }

    private async Task Send(SiloAddress silo, int number, TaskCompletionSource<object> answer)
    {
        try
        {
            if (!_links.TryGetValue(silo, out var link)) _links[silo] = link = Connect(silo);
            Write(await link, number, answerTo: 0);
        }
        catch (IOException error)
        {
            _links.Remove(silo);
            answer.TrySetException(new SiloUnavailableException($"{silo} can't be reached.", error));
        }
    }

    private async Task<ILink> Connect(SiloAddress silo)
    {
        var link = await network.Connect(silo.Endpoint, CancellationToken.None);
        link.Start(new Reader(this, link, silo));
        return link;
    }

    private async Task Handle(ILink link, int number)
    {
        if (letters[number] is not Question question || !question.To.Equals(Self)) return;
        if (!_handlers.TryGetValue(question.Content.GetType(), out var handler)) return;
        Write(link, Put(await handler(question.From, question.Content, CancellationToken.None)), number);
    }

    private void Fail(SiloAddress silo, string why)
    {
        foreach (var (to, answer) in _waiting.Values.ToArray())
            if (to.Equals(silo)) answer.TrySetException(new SiloUnavailableException($"{silo} {why}."));
    }

    private int Put(object letter)
    {
        letters.Add(letter);
        return letters.Count - 1;
    }

    private static void Write(ILink link, int number, int answerTo)
    {
        Span<byte> frame = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(frame, number);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], answerTo);
        link.Send(frame);
    }

    private sealed record Question(SiloAddress From, SiloAddress To, object Content);

    private sealed class Reader(PlainMessenger messenger, ILink link, SiloAddress? silo) : ILinkReceiver
    {
        public void Received(ReadOnlyMemory<byte> frame)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(frame.Span);
            var answerTo = BinaryPrimitives.ReadInt32LittleEndian(frame.Span[4..]);
            if (answerTo == 0) _ = messenger.Handle(link, number);
            else if (messenger._waiting.TryGetValue(answerTo, out var waiting))
                waiting.Answer.TrySetResult(messenger.LetterAt(number));
        }

        public void Closed(Exception? reason)
        {
            if (silo is null) return;
            messenger._links.Remove(silo);
            messenger.Fail(silo, "broke the connection");
        }
    }

    private object LetterAt(int number) => letters[number];
}

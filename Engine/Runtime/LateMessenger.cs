using Aedile.Engine.Messaging;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>
/// The messenger of a silo that is to join others: it takes down who answers what, until there is something to answer.
/// </summary>
internal sealed class LateMessenger : ISiloMessenger
{
    private readonly List<Action<ISiloMessenger>> _answers = [];
    private volatile ISiloMessenger? _messenger;

    /// <summary>Asks and answers with <paramref name="messenger"/> from now on. Before it listens.</summary>
    public void Use(ISiloMessenger messenger)
    {
        foreach (var answer in _answers) answer(messenger);
        _messenger = messenger;
    }

    public Task<TReply> Ask<TQuestion, TReply>(
        SiloAddress silo, TQuestion question, TimeSpan limit, CancellationToken cancellation)
        where TQuestion : notnull
        where TReply : notnull =>
        _messenger is { } messenger
            ? messenger.Ask<TQuestion, TReply>(silo, question, limit, cancellation)
            : Task.FromException<TReply>(new SiloUnavailableException("The silo has not joined its fleet yet."));

    public void Answer<TQuestion, TReply>(Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>> handler)
        where TQuestion : notnull
        where TReply : notnull
    {
        if (_messenger is { } messenger) messenger.Answer(handler);
        else _answers.Add(later => later.Answer(handler));
    }

    public void Abandon(SiloAddress dead) => _messenger?.Abandon(dead);

    public void Release(SiloAddress left) => _messenger?.Release(left);
}

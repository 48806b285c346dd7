using System.Net;
using Aedile.Engine.Messaging;

namespace Aedile.Tests.Engine.Membership;

/// <summary>Carries questions between a test's silos: they can be killed, hung, and cut from each other.</summary>
internal sealed class TestNetwork(TimeProvider clock, TaskScheduler scheduler)
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<IPEndPoint, Messenger> _listening = [];
    private readonly HashSet<(SiloAddress, SiloAddress)> _cuts = [];

    public ISiloMessenger Listen(SiloAddress self)
    {
        var messenger = new Messenger(this, self);
        _listening[self.Endpoint] = messenger;
        return messenger;
    }

    /// <summary>The process is gone: its port refuses connections.</summary>
    public void Kill(SiloAddress silo)
    {
        if (Find(silo) is null) return;
        _listening.Remove(silo.Endpoint);
    }

    /// <summary>The process stands still, or goes on; its port takes connections all the time.</summary>
    public void Hang(SiloAddress silo, bool hangs) => Find(silo)!.Hangs = hangs;

    /// <summary>The process is short of time: all that it sends leaves that much later.</summary>
    public void Slow(SiloAddress silo, TimeSpan lateness) => Find(silo)!.Lateness = lateness;

    /// <summary>Nothing gets from one silo to the other, in either direction.</summary>
    public void Cut(SiloAddress one, SiloAddress other)
    {
        _cuts.Add((one, other));
        _cuts.Add((other, one));
    }

    public void MendAll() => _cuts.Clear();

    public bool IsGone(SiloAddress from, SiloAddress silo) => Find(silo) is null && !_cuts.Contains((from, silo));

    private Messenger? Find(SiloAddress silo) =>
        _listening.TryGetValue(silo.Endpoint, out var messenger) && messenger.Self.Equals(silo) ? messenger : null;

    private async Task<TReply> Carry<TQuestion, TReply>(
        Messenger from, SiloAddress to, TQuestion question, TimeSpan limit, CancellationToken cancellation)
        where TQuestion : notnull
    {
        using var late = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            // What is sent arrives, also when its asker doesn't wait for it any more.
            return await Deliver<TQuestion, TReply>(from, to, question, both.Token).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new TimeoutException($"{to} did not answer within {limit}.");
        }
    }

    private async Task<TReply> Deliver<TQuestion, TReply>(
        Messenger from, SiloAddress to, TQuestion question, CancellationToken cancellation)
        where TQuestion : notnull
    {
        await Way(from, to);
        if (Find(to) is not { } target)
            throw new SiloUnavailableException($"{to} refused the connection.");
        if (target.HasAbandoned(from.Self))
        {
            throw new SiloUnavailableException(
                $"{to} refused the link.", new GreetingException("dead") { IsDeathNotice = true });
        }

        target.Note(from.Self);
        if (!target.Handlers.TryGetValue(typeof(TQuestion), out var handler))
            throw new OrleansException($"{to} does not know {typeof(TQuestion)}.");
        var answer = await Task.Factory.StartNew(
            () => ((Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>>)handler)(
                from.Self, question, cancellation),
            CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap();
        await Way(target, from.Self);
        from.Note(to);
        return Find(to) == target ? answer : throw new SiloUnavailableException($"The link to {to} broke.");
    }

    private async Task Way(Messenger from, SiloAddress to)
    {
        await Task.Delay(OneWay + from.Lateness, clock);
        if (_cuts.Contains((from.Self, to)) || from.Hangs || Find(to) is { Hangs: true })
            await Task.Delay(Timeout.InfiniteTimeSpan, clock);
    }

    private sealed class Messenger(TestNetwork network, SiloAddress self) : ISiloMessenger
    {
        private readonly HashSet<SiloAddress> _abandoned = [];
        private readonly Dictionary<SiloAddress, long> _received = [];

        public SiloAddress Self => self;

        public bool Hangs { get; set; }

        public TimeSpan Lateness { get; set; }

        public Dictionary<Type, object> Handlers { get; } = [];

        public void Note(SiloAddress sender) => _received[sender] = ReceivedFrom(sender) + 1;

        public bool HasAbandoned(SiloAddress silo) => _abandoned.Contains(silo);

        public long ReceivedFrom(SiloAddress silo) => _received.GetValueOrDefault(silo);

        public Task<TReply> Ask<TQuestion, TReply>(
            SiloAddress silo, TQuestion question, TimeSpan limit, CancellationToken cancellation)
            where TQuestion : notnull
            where TReply : notnull =>
            _abandoned.Contains(silo)
                ? Task.FromException<TReply>(new SiloUnavailableException($"{silo} is dead."))
                : network.Carry<TQuestion, TReply>(this, silo, question, limit, cancellation);

        public void Answer<TQuestion, TReply>(Func<SiloAddress, TQuestion, CancellationToken, Task<TReply>> handler)
            where TQuestion : notnull
            where TReply : notnull =>
            Handlers[typeof(TQuestion)] = handler;

        public void Abandon(SiloAddress dead) => _abandoned.Add(dead);
    }
}

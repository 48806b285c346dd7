using Aedile.Engine.Activations;
using Aedile.Engine.Messaging;
using Aedile.Engine.Observers;
using Aedile.Engine.Serialization;
using Aedile.Engine.Turns;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>One call of a grain's method, from the moment it is made until its caller has an answer.</summary>
/// <remarks>The arguments are fields of emitted subclasses, one for each method of a contract.</remarks>
internal abstract class Call : Request
{
    /// <summary>How many waiting grains a call can name. More would only make its message longer.</summary>
    public const int CallersMax = 8;

    /// <summary>The token that the grain's method gets.</summary>
    public CancellationToken Token;

    internal CallCancellation? Cancellation;
    internal DeadlineLane? Lane;
    internal Call? NextDue;
    internal Call? PreviousDue;
    private int _isSettled;

    public GrainId Target { get; private set; }

    public BoundMethod Method { get; private set; } = null!;

    /// <summary>The activation whose turn made the call; null: something outside of this silo's grains.</summary>
    public Activation? Source { get; private set; }

    public CallContext? Context { get; private set; }

    /// <summary>When it was made or arrived here, in the clock's timestamps.</summary>
    public long SentAt { get; internal set; }

    /// <summary>Where it came from, when it was made in another process.</summary>
    public CallOrigin? Origin { get; init; }

    /// <summary>The link that it went out on, and waits for unless it is one-way; null: none yet.</summary>
    public PeerLink? Carrier { get; private set; }

    /// <summary>Its number on the <see cref="Carrier"/>.</summary>
    public ulong CarriedAs { get; private set; }

    /// <summary>Whether it is on its way and surely was not sent or delivered.</summary>
    public bool IsRouted { get; set; }

    /// <summary>Whether its grain has begun to serve it here.</summary>
    public bool HasStarted { get; set; }

    /// <summary>What is known of why it waits, from its way or from the silo that serves it; null: nothing.</summary>
    public string? Status { get; set; }

    /// <summary>Whether the caller cancelled it, rather than lost patience.</summary>
    public bool IsCancelled { get; protected set; }

    /// <summary>The grain that waits for it; null: something outside of grains.</summary>
    public GrainId? Caller => Source?.GrainId ?? (Origin is { Callers: [var nearest, ..] } ? nearest : null);

    public sealed override bool AlwaysInterleaves => Method.Definition.AlwaysInterleaves;

    public sealed override bool IsReadOnly => Method.Definition.IsReadOnly;

    public sealed override bool IsOneWay => Method.Definition.IsOneWay;

    public sealed override Guid ReentrancyId => Context?.ReentrancyId ?? Guid.Empty;

    protected bool IsSettled => _isSettled != 0;

    public void Address(GrainId target, BoundMethod method, Activation? source, CallContext? context)
    {
        Target = target;
        Method = method;
        Source = source;
        Context = context;
    }

    /// <summary>Returns the grains that wait for it, the nearest first, as far as this silo knows.</summary>
    public IReadOnlyList<GrainId> Callers()
    {
        if (Source is null) return Origin?.Callers ?? [];
        var callers = new List<GrainId>();
        var call = this;
        for (; call?.Source is { } source && callers.Count < CallersMax; call = source.ServedCall)
        {
            if (callers.Contains(source.GrainId)) return callers; // It comes back: the rest is known.
            callers.Add(source.GrainId);
        }

        if (call?.Origin is { } origin) callers.AddRange(origin.Callers.Except(callers));
        return callers.Count <= CallersMax ? callers : callers[..CallersMax];
    }

    /// <summary>Leaves its way over a link.</summary>
    /// <returns>False when it was surely not sent.</returns>
    public bool TryLeave(PeerLink link, FrameKind kind)
    {
        // Before it is sent: a timeout meanwhile must not say that it surely was not.
        IsRouted = false;
        return link.TrySend(this, kind) || !(IsRouted = true);
    }

    /// <summary>Notes that the call now waits for an answer on a link.</summary>
    public void Carry(PeerLink carrier, ulong number)
    {
        CarriedAs = number;
        Carrier = carrier;
    }

    /// <summary>Back-pressure: who awaits a one-way call goes on when the link has room again.</summary>
    public Task WhenTaken() => Carrier is { } link ? link.WhenWritable().AsTask() : Task.CompletedTask;

    public sealed override void Refuse(Exception reason) => Fail(reason);

    /// <summary>Ends the call because this silo can't host its grain now; another process may try again.</summary>
    public abstract bool TurnAway(SiloUnavailableException reason);

    /// <summary>Ends the call with an error, unless it has an answer already.</summary>
    public abstract bool Fail(Exception error);

    /// <summary>Ends the call as cancelled, unless it has an answer already.</summary>
    public abstract bool Cancel(CancellationToken token);

    /// <summary>Runs it on an observer, and ends it with what that returns or throws. It never throws.</summary>
    public abstract Task Serve(object observer, ObserverRegistry registry);

    /// <summary>Ends the call with a result that another process sent.</summary>
    /// <exception cref="WireException">The bytes are no result of this method; the call has no answer yet.</exception>
    public abstract void SucceedWith(WireReader result);

    /// <summary>Emitted: writes the arguments, the token excepted.</summary>
    /// <param name="writer">Gets them.</param>
    /// <param name="codecs">One for each argument.</param>
    public abstract void WriteArguments(WireWriter writer, object[] codecs);

    /// <summary>Emitted: reads what <see cref="WriteArguments"/> wrote.</summary>
    /// <param name="reader">Has them.</param>
    /// <param name="codecs">One for each argument.</param>
    /// <param name="count">How many were written: a sender of another version may know more or fewer.</param>
    public abstract void ReadArguments(WireReader reader, object[] codecs, int count);

    public override string ToString() => $"{Method.Definition.Name} on {Target}";

    /// <summary>For a call without a waiting task: true for the first who ends it.</summary>
    protected bool TrySettle() => Interlocked.Exchange(ref _isSettled, 1) == 0;

    /// <summary>Forgets what was kept only until there is an answer.</summary>
    protected void Settle()
    {
        Lane?.Remove(this);
        Cancellation?.Dispose();
        Carrier?.Forget(this);
    }
}

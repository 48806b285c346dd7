using Aedile.Engine.Activations;
using Aedile.Engine.Turns;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>One call of a grain's method, from the moment it is made until its caller has an answer.</summary>
/// <remarks>The arguments are fields of emitted subclasses, one for each method of a contract.</remarks>
internal abstract class Call : Request
{
    /// <summary>The token that the grain's method gets.</summary>
    public CancellationToken Token;

    internal CallCancellation? Cancellation;
    internal DeadlineLane? Lane;
    internal Call? NextDue;
    internal Call? PreviousDue;

    public GrainReference Target { get; private set; } = null!;

    public BoundMethod Method { get; private set; } = null!;

    /// <summary>The activation whose turn made the call; null: something outside of grains.</summary>
    public Activation? Source { get; private set; }

    public CallContext? Context { get; private set; }

    /// <summary>When it was made, in the clock's timestamps.</summary>
    public long SentAt { get; internal set; }

    public sealed override bool AlwaysInterleaves => Method.Definition.AlwaysInterleaves;

    public sealed override bool IsReadOnly => Method.Definition.IsReadOnly;

    public sealed override Guid ReentrancyId => Context?.ReentrancyId ?? Guid.Empty;

    public void Address(GrainReference target, BoundMethod method, Activation? source, CallContext? context)
    {
        Target = target;
        Method = method;
        Source = source;
        Context = context;
    }

    public sealed override void Refuse(Exception reason) => Fail(reason);

    /// <summary>Ends the call with an error, unless it has an answer already.</summary>
    public abstract bool Fail(Exception error);

    /// <summary>Ends the call as cancelled, unless it has an answer already.</summary>
    public abstract bool Cancel(CancellationToken token);

    public override string ToString() => $"{Method.Definition.Name} on {Target.GrainId}";

    /// <summary>Forgets what was kept only until there is an answer.</summary>
    protected void Settle()
    {
        Lane?.Remove(this);
        Cancellation?.Dispose();
    }
}

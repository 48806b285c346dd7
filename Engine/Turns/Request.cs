using Aedile.Engine.Activations;

namespace Aedile.Engine.Turns;

/// <summary>Something that an activation runs under its interleaving rules: a call or a timer's tick.</summary>
internal abstract class Request
{
    /// <summary>The next one in the activation's list of waiting requests.</summary>
    internal Request? NextWaiting;

    public abstract bool AlwaysInterleaves { get; }

    public abstract bool IsReadOnly { get; }

    /// <summary>Whether nobody waits for an answer to it.</summary>
    public virtual bool IsOneWay => false;

    /// <summary>The section of call-chain reentrancy it belongs to; empty when there is none.</summary>
    public abstract Guid ReentrancyId { get; }

    /// <summary>Whether nobody waits for it any more, so that it need not start.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>Starts it inside of a turn.</summary>
    /// <returns>Whether it has finished; if not, it calls <see cref="Activation.Finished"/> later, in a turn.</returns>
    public abstract bool Start(Activation activation, object grain);

    /// <summary>Ends it before it started: the activation could not begin, or the silo is gone.</summary>
    public abstract void Refuse(Exception reason);
}

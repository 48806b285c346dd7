using Aedile.Engine.Turns;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Activations;

/// <summary>What the public types need of an activation beyond <see cref="IGrainContext"/>.</summary>
internal interface IActivation : IGrainContext, ITurnHost
{
    IGrainFactory GrainFactory { get; }

    void DelayDeactivation(TimeSpan fromNow);

    IGrainTimer StartTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options);

    /// <summary>Returns an id that no other section of the fleet has; the same in every run of one seed.</summary>
    Guid NewReentrancyId();

    void EnterReentrantSection(Guid id);

    void LeaveReentrantSection(Guid id);
}

using Aedile.Engine.Activations;
using Aedile.Engine.Turns;

namespace Aedile.Engine.Timers;

/// <summary>One firing of a grain's timer. It waits for its turn like a call.</summary>
internal sealed class TimerTick(GrainTimer timer) : Request
{
    public override bool AlwaysInterleaves => timer.Interleaves;

    public override bool IsReadOnly => false;

    public override Guid ReentrancyId => Guid.Empty;

    public override bool IsAbandoned => timer.IsStopped;

    public override bool Start(Activation activation, object grain)
    {
        if (timer.KeepsAlive) activation.Touch(activation.Silo.Clock.GetTimestamp());
        var run = timer.Run();
        if (run.IsCompleted) return true;
        _ = Await(run, activation);
        return false;
    }

    public override void Refuse(Exception reason)
    {
        // Nobody waits for a tick.
    }

    private async Task Await(Task run, Activation activation)
    {
        await run;
        activation.Finished(this);
    }
}

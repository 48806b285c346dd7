using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Turns;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Observers;

/// <summary>One object of this process that can be called by reference: one call at a time, in order of
/// arrival.</summary>
/// <remarks>
/// Held weakly: whoever made the reference keeps the object. Else every forgotten subscription would be a leak.
/// </remarks>
internal sealed class ObserverObject(
    GrainId id, IGrainObserver target, MethodTable methods, ObserverRegistry registry, WorkRunner runner)
    : ITurnHost, IThreadPoolWorkItem
{
    private readonly WeakReference<IGrainObserver> _target = new(target);
    private readonly Queue<Call> _waiting = [];
    private int _oneWays;
    private bool _isRunning;

    public GrainId Id => id;

    /// <summary>What other processes may call.</summary>
    public MethodTable Methods => methods;

    /// <summary>Takes a call, which gets its answer sooner or later. Any thread; it never runs here.</summary>
    public void Accept(Call call)
    {
        if (call.Cancellation is { } cancellation) cancellation.Server = this;
        if (call.AlwaysInterleaves)
        {
            runner.Run(new Work(() => _ = Serve(call)));
            return;
        }

        if (Enqueue(call, out var mustRun) && mustRun) runner.Run(this);
    }

    /// <summary>Runs work beside the calls. An observer has no turns: it looks after its own threads.</summary>
    public void Post(Action work) => runner.Run(new Work(work));

    void IThreadPoolWorkItem.Execute() => _ = ServeAll();

    private bool Enqueue(Call call, out bool mustRun)
    {
        lock (_waiting)
        {
            mustRun = !_isRunning;
            if (call.IsOneWay && _oneWays >= OneWayGate.WaitingMax)
            {
                registry.TooMany(call);
                return false;
            }

            if (call.IsOneWay) _oneWays++;
            _waiting.Enqueue(call);
            _isRunning = true;
            return true;
        }
    }

    private async Task ServeAll()
    {
        while (Next() is { } call) await Serve(call);
    }

    private Call? Next()
    {
        lock (_waiting)
        {
            if (!_waiting.TryDequeue(out var call)) _isRunning = false;
            else if (call.IsOneWay) _oneWays--;
            return call;
        }
    }

    private Task Serve(Call call)
    {
        if (_target.TryGetTarget(out var observer)) return call.Serve(observer, registry);
        registry.Collected(this, call);
        return Task.CompletedTask;
    }

    private sealed class Work(Action work) : IThreadPoolWorkItem
    {
        public void Execute() => work();
    }
}

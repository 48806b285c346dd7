using Aedile.Engine.Enumerations;
using Aedile.Engine.Invocation;
using Aedile.Engine.Runtime;
using Aedile.Engine.Timers;
using Aedile.Engine.Turns;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Aedile.Engine.Activations;

/// <summary>The one live instance of a grain in this silo. All but <see cref="TryAccept"/> and
/// <see cref="Deactivate"/> runs inside its turns, so nothing else is locked.</summary>
internal sealed class Activation : IActivation
{
    private readonly TurnScheduler _turns;
    private TurnGate _gate;
    private WaitingRequests _waiting;
    private Phase _phase;
    private Exception? _failure;
    private DeactivationReason _reason;
    private IServiceScope? _scope;
    private List<GrainTimer>? _timers;
    private EnumerationTable? _enumerations;
    private CancellationTokenSource? _ending;
    private volatile TaskCompletionSource? _ended;
    private long _usedAt;
    private long _keptUntil;

    public Activation(Silo silo, GrainClass grainClass, GrainId grainId)
    {
        Silo = silo;
        GrainClass = grainClass;
        GrainId = grainId;
        _gate = new TurnGate(grainClass.IsReentrant);
        _turns = new TurnScheduler(this, silo.Runner);
    }

    private enum Phase : byte
    {
        New,
        Beginning,
        Active,

        /// <summary>Takes no new request, waits for the running ones.</summary>
        Draining,
        Ending,
        Ended,
    }

    public Silo Silo { get; }

    public GrainClass GrainClass { get; }

    public GrainId GrainId { get; }

    public object? GrainInstance { get; set; }

    /// <summary>The call that was started last and has not finished: whose chain outgoing calls belong to.</summary>
    public Call? ServedCall { get; private set; }

    /// <summary>What callers enumerate here.</summary>
    public EnumerationTable Enumerations => _enumerations ??= new EnumerationTable(this);

    public IGrainFactory GrainFactory => Silo.GrainFactory;

    public IServiceProvider ActivationServices => (_scope ??= Silo.Services.CreateScope()).ServiceProvider;

    public Task Deactivated
    {
        get
        {
            if (_ended is null)
            {
                var fresh = new TaskCompletionSource(Continuations.Elsewhere);
                Interlocked.CompareExchange(ref _ended, fresh, null);
                if (_phase == Phase.Ended) _ended.TrySetResult();
            }

            return _ended.Task;
        }
    }

    /// <summary>Queues a request. Any thread.</summary>
    /// <returns>False when the activation has ended: the request belongs to the next one.</returns>
    public bool TryAccept(Request request) => _turns.TryPost(request);

    /// <summary>Queues work that runs as a turn of its own, beside requests. Any thread.</summary>
    public void Post(Action work) => _turns.Post(work);

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        // Inside a turn it takes effect at once, or requests that are queued already would still start on a grain
        // that has just learned that its state is stale.
        if (ActivationScope.Running == this) StopTaking(deactivationReason, cancellationToken);
        else _turns.Post(() => StopTaking(deactivationReason, cancellationToken));
    }

    public void DelayDeactivation(TimeSpan fromNow) =>
        _keptUntil = fromNow == Timeout.InfiniteTimeSpan || fromNow == TimeSpan.MaxValue
            ? long.MaxValue
            : Silo.Clock.GetTimestamp() + Silo.TimestampsOf(fromNow);

    /// <summary>Marks the activation as used at a timestamp.</summary>
    public void Touch(long usedAt) => _usedAt = Math.Max(_usedAt, usedAt);

    /// <summary>
    /// Whether it may be idle for so long that it should go. Any thread; may be wrong for an instant.
    /// </summary>
    public bool SeemsIdle(long now) => SeemsIdle(now, GrainClass.IdleLimit);

    /// <inheritdoc cref="SeemsIdle(long)"/>
    public bool SeemsIdle(long now, long limit) =>
        GrainClass.IdleLimit != long.MaxValue && now - _usedAt >= limit && now >= _keptUntil;

    public void EndIfIdle() => EndIfIdle(GrainClass.IdleLimit);

    /// <summary>Ends it unless it is used again before its turn to look comes.</summary>
    /// <param name="limit">In the clock's timestamps.</param>
    public void EndIfIdle(long limit) => _turns.Post(() =>
    {
        if (_phase == Phase.Active && _gate.IsIdle && _waiting.IsEmpty && SeemsIdle(Silo.Clock.GetTimestamp(), limit))
            StopTaking(new(DeactivationReasonCode.ActivationIdle, "Nobody called it."), default);
    });

    public IGrainTimer StartTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        if (ActivationScope.Running != this)
            throw new InvalidOperationException("A grain's timer can only be made inside of the grain's own turns.");
        var timer = new GrainTimer(this, callback, options);
        (_timers ??= []).Add(timer);
        return timer;
    }

    public void Forget(GrainTimer timer) => _timers?.Remove(timer);

    public Guid NewReentrancyId() => Silo.NewId();

    public void EnterReentrantSection(Guid id)
    {
        _gate.Open(id);

        // A call of this chain may wait here already; it is looked at after the turn that opens the section.
        if (!_waiting.IsEmpty) _turns.Post(StartWaiting);
    }

    public void LeaveReentrantSection(Guid id) => _gate.Close(id);

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"activation of {GrainId}";

    /// <summary>Starts a request, or keeps it until it may start.</summary>
    public void Receive(Request request)
    {
        // A draining activation still serves the chain that a running request waits for, or neither would end.
        if (_phase == Phase.Active ? _gate.MayStart(request) : _phase == Phase.Draining && _gate.IsExpected(request))
        {
            Start(request);
        }
        else if (_phase == Phase.Ended)
        {
            PassOn(request);
        }
        else if (_waiting.OneWays >= OneWayGate.WaitingMax && request.IsOneWay)
        {
            Silo.Log.OneWayCallDropped(request.ToString()!, "too many wait for their turn already");
        }
        else
        {
            _waiting.Add(request);
            if (_phase == Phase.New) _ = Begin();
        }
    }

    /// <summary>Called by a request that did not finish at once.</summary>
    public void Finished(Request request)
    {
        _gate.Leave(request);
        if (ReferenceEquals(ServedCall, request)) ServedCall = null;
        if (_phase == Phase.Active) StartWaiting();
        else EndWhenDrained();
    }

    /// <summary>Carries the error of a grain's method to its caller.</summary>
    public void Failed(Call call, Exception error)
    {
        if (error is InconsistentStateException { HasEndedItsActivation: false } stale)
        {
            stale.HasEndedItsActivation = true;
            StopTaking(new(DeactivationReasonCode.ApplicationError, stale, "Its state is stale."), default);
        }

        if (call.Method.Definition.IsOneWay) Silo.Log.OneWayCallFailed(error, call.Method.Definition.Name, GrainId);
        if (error is OperationCanceledException cancelled) call.Cancel(cancelled.CancellationToken);
        else call.Fail(error);
    }

    private void Start(Request request)
    {
        if (request.IsAbandoned) return; // It timed out or was cancelled while it waited: nobody wants the answer.
        _gate.Enter(request);
        ExecutionContext.Restore(_turns.CleanContext);
        var before = ServedCall;
        if (request is Call call)
        {
            ServedCall = call;
            call.HasStarted = true;
            Touch(call.SentAt);
            if (!ReferenceEquals(RequestContext.Current, call.Context)) RequestContext.Current = call.Context;
        }

        var finished = request.Start(this, GrainInstance!);

        // A method that is not async may have changed ambient values; they must not leak into the next request.
        ExecutionContext.Restore(_turns.CleanContext);
        if (!finished) return;
        ServedCall = before;
        _gate.Leave(request);
        if (_phase != Phase.Active) EndWhenDrained();
    }

    private void StartWaiting()
    {
        while (_phase == Phase.Active && _waiting.TakeStartable(_gate) is { } request) Start(request);
    }

    private async Task Begin()
    {
        _phase = Phase.Beginning;
        Touch(Silo.Clock.GetTimestamp());
        try
        {
            await ActivationSteps.Begin(this);
        }
        catch (Exception error)
        {
            _failure = error;
            Silo.Log.ActivationFailed(error, GrainId);
            await ActivationSteps.Dispose(this, _scope);
            End();
            return;
        }

        _phase = _ending is null ? Phase.Active : Phase.Draining;
        if (_phase == Phase.Active) StartWaiting();
        else EndWhenDrained();
    }

    private void StopTaking(DeactivationReason reason, CancellationToken cancellation)
    {
        if (_ending is not null || _phase >= Phase.Draining) return; // The first reason stays.
        _reason = reason;
        _ending = new CancellationTokenSource(Silo.Collection.DeactivationTimeout, Silo.Clock);
        _ending.Token.UnsafeRegister(static self => ((Activation)self!)._turns.Post(((Activation)self!).EndNow), this);
        if (cancellation.CanBeCanceled)
            cancellation.UnsafeRegister(static ending => ((CancellationTokenSource)ending!).Cancel(), _ending);
        _enumerations?.Interrupt();
        if (_phase == Phase.New) End();
        if (_phase != Phase.Active) return; // While it begins, Begin goes on here.
        _phase = Phase.Draining;
        EndWhenDrained();
    }

    private void EndWhenDrained()
    {
        if (_phase == Phase.Draining && _gate.IsIdle) _turns.Post(EndNow);
    }

    private void EndNow()
    {
        if (_phase != Phase.Draining) return;
        _phase = Phase.Ending;
        _ = DeactivateGrain();
    }

    private async Task DeactivateGrain()
    {
        foreach (var timer in _timers?.ToArray() ?? []) timer.Dispose();
        if (_enumerations is { } enumerations) await enumerations.Close(_ending!.Token);
        await ActivationSteps.End(this, _reason, _ending!.Token);
        await ActivationSteps.Dispose(this, _scope);
        End();
    }

    private void End()
    {
        _phase = Phase.Ended;

        // Out of the catalog first: who is refused by the closed queue looks there again and must not find this one.
        Silo.Catalog.Remove(this);
        _turns.Close();
        while (_waiting.TakeFirst() is { } request) PassOn(request);
        _ending?.Dispose();
        _ended?.TrySetResult();
    }

    private void PassOn(Request request)
    {
        if (_failure is not null) request.Refuse(_failure);
        else if (request is Call call) Silo.Transport.Send(call);
    }
}

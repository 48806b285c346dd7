using Aedile.Engine.Activations;
using Aedile.Engine.Observers;
using Aedile.Engine.Serialization;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>A call whose answer is a <typeparamref name="TResult"/>.</summary>
internal abstract class Call<TResult> : Call
{
    private TaskCompletionSource<TResult>? _answer;

    public sealed override bool IsAbandoned => _answer?.Task.IsCompleted ?? IsSettled;

    /// <summary>Returns the answer to come. Calls that nobody in this process waits for have none.</summary>
    public Task<TResult> Expect()
    {
        // Continuations must not run on the stack of the grain that answers: they belong to the caller.
        _answer = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _answer.Task;
    }

    public sealed override bool Fail(Exception error)
    {
        if (_answer is not { } answer)
        {
            if (!TrySettle()) return false;
            Settle();
            Origin?.Fail(error);
            return true;
        }

        if (!answer.TrySetException(error)) return false;
        Settle();

        // A caller that does not await its call has said that it does not care; the error is no bug of the host.
        _ = answer.Task.Exception;
        return true;
    }

    public sealed override bool TurnAway(SiloUnavailableException reason)
    {
        if (_answer is not null || Origin is null) return Fail(reason);
        if (!TrySettle()) return false;
        Settle();
        Origin.NotHere(reason.Message);
        return true;
    }

    public sealed override bool Cancel(CancellationToken token)
    {
        if (!(_answer?.TrySetCanceled(token) ?? TrySettle())) return false;
        IsCancelled = true;
        Settle();
        Origin?.Cancelled();
        return true;
    }

    public sealed override void SucceedWith(WireReader result)
    {
        var read = Method.Wire!.ReadResult<TResult>(result);

        // A grain goes on by way of the shared queue anyway. Anybody else would go on from this thread's own queue:
        // there the last answer of many comes first, and all wait when the thread is taken off its processor.
        if (Source is null && TaskScheduler.Current == TaskScheduler.Default)
            ThreadPool.UnsafeQueueUserWorkItem(new Arrival(this, read), preferLocal: false);
        else Succeed(read);
    }

    public sealed override bool Start(Activation activation, object grain)
    {
        try
        {
            TResult? result;
            var running = activation.GrainClass.Filters is { } filters
                ? filters.TryInvoke(this, activation, grain, out result)
                : TryInvoke(grain, out result);
            if (running is not null)
            {
                _ = Await(running, activation);
                return false;
            }

            Succeed(result!);
        }
        catch (Exception error)
        {
            activation.Failed(this, error);
        }

        return true;
    }

    public sealed override async Task Serve(object observer, ObserverRegistry registry)
    {
        if (IsAbandoned) return;
        HasStarted = true;
        RequestContext.Current = Context; // It flows into this call alone: an async method restores what was before.
        try
        {
            Succeed(await InvokeUnfiltered(observer));
        }
        catch (Exception error)
        {
            if (Method.Definition.IsOneWay) registry.NoticeFailed(this, error);
            if (error is OperationCanceledException cancelled) Cancel(cancelled.CancellationToken);
            else Fail(error);
        }
    }

    /// <summary>Returns the same call, as it was before it was made. Only of one that never was.</summary>
    public Call<TResult> Again()
    {
        var again = (Call<TResult>)MemberwiseClone();
        again._answer = null;
        return again;
    }

    /// <summary>Calls the method past every filter.</summary>
    public async Task<TResult> InvokeUnfiltered(object grain)
    {
        if (TryInvoke(grain, out var result) is not { } running) return result!;
        await running;
        return ResultOf(running);
    }

    /// <summary>Calls the method.</summary>
    /// <returns>Null when it has finished with <paramref name="result"/>; else what to wait for.</returns>
    protected abstract Task? TryInvoke(object grain, out TResult? result);

    /// <summary>Reads the result off the finished task that <see cref="TryInvoke"/> returned.</summary>
    protected abstract TResult ResultOf(Task finished);

    private void Succeed(TResult result)
    {
        if (_answer is { } answer)
        {
            if (answer.TrySetResult(result)) Settle();
        }
        else if (TrySettle())
        {
            Settle();
            Origin?.Answer(Method, result);
        }
    }

    private async Task Await(Task running, Activation activation)
    {
        try
        {
            await running;
            Succeed(ResultOf(running));
        }
        catch (Exception error)
        {
            activation.Failed(this, error);
        }

        activation.Finished(this);
    }

    private sealed class Arrival(Call<TResult> call, TResult result) : IThreadPoolWorkItem
    {
        public void Execute() => call.Succeed(result);
    }
}

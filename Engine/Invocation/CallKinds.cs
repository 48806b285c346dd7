namespace Aedile.Engine.Invocation;

/// <summary>A method that returns a <see cref="Task{TResult}"/>.</summary>
internal abstract class TaskCall<TResult> : Call<TResult>
{
    /// <summary>Emitted: calls the method with the fields of this object as arguments.</summary>
    protected abstract Task<TResult> Invoke(object grain);

    protected sealed override Task? TryInvoke(object grain, out TResult? result)
    {
        var task = Invoke(grain);
        if (task.IsCompletedSuccessfully)
        {
            result = task.Result;
            return null;
        }

        result = default;
        return task;
    }

    protected sealed override TResult ResultOf(Task finished) => ((Task<TResult>)finished).Result;
}

/// <summary>A method that returns a <see cref="ValueTask{TResult}"/>.</summary>
internal abstract class ValueTaskCall<TResult> : Call<TResult>
{
    protected abstract ValueTask<TResult> Invoke(object grain);

    protected sealed override Task? TryInvoke(object grain, out TResult? result)
    {
        var task = Invoke(grain);
        if (task.IsCompletedSuccessfully)
        {
            result = task.Result;
            return null;
        }

        result = default;
        return task.AsTask();
    }

    protected sealed override TResult ResultOf(Task finished) => ((Task<TResult>)finished).Result;
}

/// <summary>A method that returns a <see cref="Task"/>.</summary>
internal abstract class VoidTaskCall : Call<Nothing>
{
    protected abstract Task Invoke(object grain);

    protected sealed override Task? TryInvoke(object grain, out Nothing result)
    {
        var task = Invoke(grain);
        result = default;
        return task.IsCompletedSuccessfully ? null : task;
    }

    protected sealed override Nothing ResultOf(Task finished) => default;
}

/// <summary>A method that returns nothing: its calls are one-way.</summary>
internal abstract class VoidCall : Call<Nothing>
{
    protected abstract void Invoke(object grain);

    protected sealed override Task? TryInvoke(object grain, out Nothing result)
    {
        Invoke(grain);
        result = default;
        return null;
    }

    protected sealed override Nothing ResultOf(Task finished) => default;
}

/// <summary>A method that returns a <see cref="ValueTask"/>.</summary>
internal abstract class VoidValueTaskCall : Call<Nothing>
{
    protected abstract ValueTask Invoke(object grain);

    protected sealed override Task? TryInvoke(object grain, out Nothing result)
    {
        var task = Invoke(grain);
        result = default;
        return task.IsCompletedSuccessfully ? null : task.AsTask();
    }

    protected sealed override Nothing ResultOf(Task finished) => default;
}

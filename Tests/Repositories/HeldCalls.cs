namespace Aedile.Tests.Repositories;

/// <summary>Holds calls up until the test lets them pass. Thread-safe.</summary>
internal sealed class HeldCalls
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first call is there.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Lets all pass, those to come too.</summary>
    public void Release() => _released.SetResult();

    /// <summary>Called by what is held.</summary>
    public Task Pass()
    {
        _reached.TrySetResult();
        return _released.Task;
    }
}

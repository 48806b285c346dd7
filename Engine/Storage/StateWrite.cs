namespace Aedile.Engine.Storage;

/// <summary>One compare-and-set that waits in the <see cref="WriteLane"/>.</summary>
/// <param name="Row">What is written.</param>
/// <param name="Expected">The version that must be stored; null: none may be.</param>
/// <param name="Payload">The new state; null: none.</param>
/// <param name="Deletes">Whether the row goes, instead of being emptied.</param>
internal sealed record StateWrite(StateRow Row, long? Expected, byte[]? Payload, bool Deletes)
{
    private readonly TaskCompletionSource<WriteResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the write is durable, refused or failed.</summary>
    public Task<WriteResult> Done => _done.Task;

    public void Complete(WriteResult result) => _done.TrySetResult(result);

    public void Fail(Exception error) => _done.TrySetException(error);
}

/// <summary>How a compare-and-set ended.</summary>
/// <param name="IsStored">Whether the expected version was there, so that it took effect.</param>
/// <param name="Version">The version that is stored now; null: none.</param>
internal readonly record struct WriteResult(bool IsStored, long? Version);

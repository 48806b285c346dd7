using Aedile.Engine.Activations;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Aedile.Engine.Storage;

/// <summary>The stored state of one activation. Its operations run one after the other.</summary>
internal sealed class PersistentState<TState>(string name, Activation activation, IGrainStorage storage)
    : IPersistentState<TState>, IActivationState
{
    private readonly GrainState<TState> _state = new();
    private Task _last = Task.CompletedTask;
    private Task? _waitingWrite;

    public TState State
    {
        get => _state.State;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) =>
        InTurn(() => storage.ReadStateAsync(name, activation.GrainId, _state, cancellationToken));

    public Task ClearStateAsync(CancellationToken cancellationToken) =>
        InTurn(() => storage.ClearStateAsync(name, activation.GrainId, _state, cancellationToken));

    /// <inheritdoc/>
    /// <remarks>A write that still waits for an earlier operation stores the state as it is when its turn comes, so
    /// that further writes meanwhile join it.</remarks>
    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        RequireTurn();
        if (_waitingWrite is { } waiting) return waiting;
        if (_last.IsCompleted)
            return _last = storage.WriteStateAsync(name, activation.GrainId, _state, cancellationToken);
        return _waitingWrite = _last = After(_last, () =>
        {
            _waitingWrite = null;
            return storage.WriteStateAsync(name, activation.GrainId, _state, cancellationToken);
        });
    }

    private static async Task After(Task previous, Func<Task> operation)
    {
        // How the previous one ended is for its own caller.
        await Task.WhenAny(previous);
        await operation();
    }

    private Task InTurn(Func<Task> operation)
    {
        RequireTurn();
        return _last = _last.IsCompleted ? operation() : After(_last, operation);
    }

    private void RequireTurn()
    {
        if (ActivationScope.Running != activation)
        {
            throw new InvalidOperationException(
                $"State '{name}' of {activation.GrainId} was used outside of the grain's turns.");
        }
    }
}

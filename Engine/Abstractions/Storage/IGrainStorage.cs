using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps the state of grains. Writing and clearing are compare-and-set on the ETag.</summary>
public interface IGrainStorage
{
    /// <summary>Reads the record into <paramref name="grainState"/>; without one, its state is reset.</summary>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Stores the state and sets the new ETag. The caller does not change the state meanwhile.</summary>
    /// <exception cref="InconsistentStateException">The stored ETag is another; nothing was changed.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Empties the record and sets its new ETag.</summary>
    /// <exception cref="InconsistentStateException">The stored ETag is another; nothing was changed.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})"/>
    Task ReadStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : ReadStateAsync(stateName, grainId, grainState);

    /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})"/>
    /// <remarks>Cancelling before the write starts prevents it; later it has no effect.</remarks>
    Task WriteStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : WriteStateAsync(stateName, grainId, grainState);

    /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})"/>
    Task ClearStateAsync<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : ClearStateAsync(stateName, grainId, grainState);
}

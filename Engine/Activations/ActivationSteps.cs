using Aedile.Engine.Runtime;
using Orleans;

namespace Aedile.Engine.Activations;

/// <summary>How an activation's grain begins and ends. Each step runs inside the activation's turns.</summary>
internal static class ActivationSteps
{
    /// <summary>Makes the grain, reads its state, and calls <see cref="Grain.OnActivateAsync"/>.</summary>
    /// <exception cref="TimeoutException">It took longer than the activation timeout.</exception>
    public static Task Begin(Activation activation)
    {
        var states = activation.GrainClass.Activator.CreateGrain(activation, out var grain);
        activation.GrainInstance = grain;
        if (states.Length == 0 && !activation.GrainClass.HasOnActivate) return Task.CompletedTask;
        return ReadAndActivate(activation, (IGrainBase)grain, states);
    }

    /// <summary>Calls <see cref="Grain.OnDeactivateAsync"/>. An error is logged: the activation ends anyway.</summary>
    public static async Task End(Activation activation, DeactivationReason reason, CancellationToken limit)
    {
        if (!activation.GrainClass.HasOnDeactivate) return;
        try
        {
            await ((IGrainBase)activation.GrainInstance!).OnDeactivateAsync(reason, limit).WaitAsync(limit);
        }
        catch (Exception error)
        {
            activation.Silo.Log.DeactivationFailed(error, activation.GrainId);
        }
    }

    /// <summary>Disposes the grain and its services. An error is logged.</summary>
    public static async Task Dispose(Activation activation, IDisposable? scope)
    {
        try
        {
            if (activation.GrainInstance is IAsyncDisposable asyncGrain) await asyncGrain.DisposeAsync();
            else (activation.GrainInstance as IDisposable)?.Dispose();
            if (scope is IAsyncDisposable asyncScope) await asyncScope.DisposeAsync();
            else scope?.Dispose();
        }
        catch (Exception error)
        {
            activation.Silo.Log.DeactivationFailed(error, activation.GrainId);
        }
    }

    private static async Task ReadAndActivate(Activation activation, IGrainBase grain, IActivationState[] states)
    {
        var silo = activation.Silo;
        using var limit = new CancellationTokenSource(silo.Collection.ActivationTimeout, silo.Clock);
        try
        {
            foreach (var state in states) await state.ReadStateAsync(limit.Token).WaitAsync(limit.Token);
            await grain.OnActivateAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{activation.GrainId} did not activate within {silo.Collection.ActivationTimeout}.");
        }
    }
}

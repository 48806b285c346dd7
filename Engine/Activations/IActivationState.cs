namespace Aedile.Engine.Activations;

/// <summary>Stored state that an activation reads before its grain is used.</summary>
internal interface IActivationState
{
    Task ReadStateAsync(CancellationToken cancellationToken);
}

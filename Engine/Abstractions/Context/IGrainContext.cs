namespace Orleans.Runtime;

/// <summary>One activation of a grain, seen from inside.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    GrainId GrainId { get; }

    /// <summary>The grain object; null until its constructor has returned.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation; disposed when it ends.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended and its services are disposed.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation once its running requests are done. Idempotent: the first reason stays.</summary>
    /// <param name="deactivationReason">Handed to <see cref="Grain.OnDeactivateAsync"/>.</param>
    /// <param name="cancellationToken">Cancels the token of <see cref="Grain.OnDeactivateAsync"/>.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

using Orleans.Runtime;

namespace Orleans;

/// <summary>What the runtime needs of a grain class; most derive from <see cref="Grain"/> instead.</summary>
public interface IGrainBase
{
    /// <summary>The activation this instance belongs to.</summary>
    IGrainContext GrainContext { get; }

    /// <inheritdoc cref="Grain.OnActivateAsync"/>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <inheritdoc cref="Grain.OnDeactivateAsync"/>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}

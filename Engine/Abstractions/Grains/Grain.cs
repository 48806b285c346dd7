using Aedile.Engine.Activations;
using Orleans.Runtime;

namespace Orleans;

/// <summary>Base of grain classes. One activation of it runs one turn at a time; it needs no locks.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    private readonly IActivation? _activation;

    protected Grain() => _activation = ActivationScope.Current;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The instance was made by hand, not by a silo.</exception>
    public IGrainContext GrainContext => Activation;

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Activation.GrainFactory;

    /// <summary>The services of this activation; disposed when it ends.</summary>
    protected internal IServiceProvider ServiceProvider => Activation.ActivationServices;

    /// <summary>The grain's id as text, <c>type/key</c>.</summary>
    public string IdentityString => Activation.GrainId.ToString();

    private IActivation Activation => _activation
        ?? throw new InvalidOperationException($"{GetType()} was not made by a silo, so it has no grain context.");

    /// <summary>Runs before the first request, after persistent state was read.</summary>
    /// <remarks>If it throws, the waiting calls fail with its exception and the next call tries again.</remarks>
    /// <param name="cancellationToken">Cancelled when activation takes longer than its limit (30 s).</param>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the last request. A crash skips it, so nothing may depend on it for safety.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Cancelled when deactivation takes longer than its limit (30 s).</param>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    /// <summary>Ends this activation once its running requests are done. Calls that wait go to the next one.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps the idle collection away for <paramref name="timeSpan"/> from now; negative lifts that.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.DelayDeactivation(timeSpan);
}

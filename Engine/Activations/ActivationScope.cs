using Aedile.Engine.Turns;

namespace Aedile.Engine.Activations;

/// <summary>Finds the activation whose turn is running.</summary>
internal static class ActivationScope
{
    /// <summary>
    /// Null outside of turns. The task scheduler is what flows with a turn, so it needs no static state.
    /// </summary>
    public static Activation? Running => (TaskScheduler.Current as TurnScheduler)?.Activation;

    /// <inheritdoc cref="Running"/>
    public static IActivation? Current => Running;
}

using Aedile.Engine.Activations;
using Orleans.Runtime;

namespace Orleans;

/// <summary>What a grain may ask of its activation. Call these only inside the grain's own turns.</summary>
public static class GrainBaseExtensions
{
    /// <summary>Ends the activation once its running requests are done. Calls that wait go to the next one.</summary>
    public static void DeactivateOnIdle(this IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        grain.GrainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "The grain asked for it."));
    }

    /// <summary>Like the overload with a state, a token and options, which says what a timer does.</summary>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period) =>
        RegisterGrainTimer(grain, callback, new GrainTimerCreationOptions(dueTime, period));

    /// <summary>Like the overload with a state, a token and options, which says what a timer does.</summary>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options) =>
        RegisterGrainTimer(grain, static (call, _) => call(), callback, options);

    /// <summary>Like the overload with a state, a token and options, which says what a timer does.</summary>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period) =>
        RegisterGrainTimer(grain, callback, new GrainTimerCreationOptions(dueTime, period));

    /// <summary>Like the overload with a state, a token and options, which says what a timer does.</summary>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options) =>
        RegisterGrainTimer(grain, static (call, ct) => call(ct), callback, options);

    /// <summary>Like the overload with a state, a token and options, which says what a timer does.</summary>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, TimeSpan dueTime, TimeSpan period) =>
        RegisterGrainTimer(grain, callback, state, new GrainTimerCreationOptions(dueTime, period));

    /// <summary>Like the overload with a state, a token and options, which says what a timer does.</summary>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, GrainTimerCreationOptions options) =>
        RegisterGrainTimer(grain, static (s, _) => s.callback(s.state), (callback, state), options);

    /// <summary>Like the overload with a state, a token and options, which says what a timer does.</summary>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state,
        TimeSpan dueTime, TimeSpan period) =>
        RegisterGrainTimer(grain, callback, state, new GrainTimerCreationOptions(dueTime, period));

    /// <summary>Calls <paramref name="callback"/> as a turn of this activation, for as long as it lives.</summary>
    /// <remarks>
    /// The next period starts when the callback has finished. What it throws is logged, and the timer goes on.
    /// A timer does not survive the activation and wakes no grain up.
    /// </remarks>
    /// <returns>Disposing it stops the timer and cancels the token of a running callback.</returns>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state,
        GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentNullException.ThrowIfNull(callback);
        var activation = grain.GrainContext as IActivation
            ?? throw new InvalidOperationException("Timers need a grain context made by a silo.");
        return activation.StartTimer(ct => callback(state, ct), options);
    }
}

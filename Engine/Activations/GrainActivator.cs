using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Aedile.Engine.Activations;

/// <summary>
/// Calls the constructor of one grain class. The parameters are looked at once, not for each activation.
/// </summary>
internal sealed class GrainActivator
{
    private readonly ConstructorInvoker _constructor;
    private readonly Func<Activation, object?>[] _arguments;
    private readonly bool _hasStates;

    /// <param name="type">The grain class.</param>
    /// <param name="stateFactory">Makes the state of a parameter with a <see cref="PersistentStateAttribute"/>.</param>
    /// <exception cref="InvalidOperationException">The class has no public constructor.</exception>
    public GrainActivator(Type type, Func<ParameterInfo, Func<Activation, object>> stateFactory)
    {
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)
            ?? throw new InvalidOperationException($"Grain class {type} has no public constructor.");
        _constructor = ConstructorInvoker.Create(constructor);
        _arguments = [.. constructor.GetParameters().Select(parameter => ArgumentOf(parameter, stateFactory))];
        _hasStates = constructor.GetParameters().Any(IsState);
    }

    public static bool IsState(ParameterInfo parameter) =>
        parameter.GetCustomAttributes().OfType<IPersistentStateConfiguration>().Any();

    /// <summary>Makes the grain, inside a turn of its activation.</summary>
    /// <returns>The states that must be read before the grain is used.</returns>
    public IActivationState[] CreateGrain(Activation activation, out object grain)
    {
        if (_arguments.Length == 0)
        {
            grain = _constructor.Invoke();
            return [];
        }

        var arguments = new object?[_arguments.Length];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = _arguments[i](activation);
        grain = _constructor.Invoke(arguments.AsSpan());
        return _hasStates ? [.. arguments.OfType<IActivationState>()] : [];
    }

    private static Func<Activation, object?> ArgumentOf(
        ParameterInfo parameter, Func<ParameterInfo, Func<Activation, object>> stateFactory)
    {
        var type = parameter.ParameterType;
        if (IsState(parameter)) return stateFactory(parameter);
        if (type == typeof(IGrainContext)) return static activation => activation;
        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        if (!parameter.HasDefaultValue) return activation => activation.ActivationServices.GetRequiredService(type);
        var otherwise = parameter.DefaultValue;
        return activation => activation.ActivationServices.GetService(type) ?? otherwise;
    }
}

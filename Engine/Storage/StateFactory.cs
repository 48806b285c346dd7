using System.Reflection;
using Aedile.Engine.Activations;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Aedile.Engine.Storage;

/// <summary>Makes the stored states that grain constructors ask for.</summary>
internal sealed class StateFactory(IServiceProvider services)
{
    private static readonly MethodInfo Maker =
        typeof(StateFactory).GetMethod(nameof(Make), BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>
    /// Refuses two grain classes that would share a row: the database keys it by state name and grain key.
    /// </summary>
    /// <exception cref="InvalidOperationException">Two classes name their state alike in one storage.</exception>
    public static void CheckNames(IEnumerable<GrainClass> classes)
    {
        var owners = new Dictionary<(string Storage, string State), Type>();
        foreach (var type in classes.Select(grainClass => grainClass.Type))
        {
            var parameters = type.GetConstructors().SelectMany(constructor => constructor.GetParameters());
            foreach (var state in parameters.Select(Named).OfType<IPersistentStateConfiguration>())
            {
                var name = (StorageOf(state), state.StateName);
                if (owners.TryAdd(name, type) || owners[name] == type) continue;
                throw new InvalidOperationException(
                    $"{owners[name]} and {type} both name their state '{state.StateName}' in storage {name.Item1}: "
                    + "two grains with one key would overwrite each other. Name one of them otherwise.");
            }
        }
    }

    /// <summary>Returns what makes the state of one constructor parameter.</summary>
    public Func<Activation, object> For(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new InvalidOperationException(
                $"{parameter.Member.DeclaringType}: parameter {parameter.Name} must be an IPersistentState<T>.");
        }

        return Maker.MakeGenericMethod(type.GetGenericArguments())
            .CreateDelegate<Func<IPersistentStateConfiguration, Func<Activation, object>>>(this)(Named(parameter)!);
    }

    private static IPersistentStateConfiguration? Named(ParameterInfo parameter) =>
        parameter.GetCustomAttributes().OfType<IPersistentStateConfiguration>().FirstOrDefault();

    private static string StorageOf(IPersistentStateConfiguration state) =>
        state.StorageName ?? ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME;

    private Func<Activation, object> Make<TState>(IPersistentStateConfiguration named)
    {
        // Resolved with the first activation: a host may carry grain classes that it never uses.
        var storage = new Lazy<IGrainStorage>(() => services.GetKeyedService<IGrainStorage>(StorageOf(named))
            ?? throw new OrleansException($"State '{named.StateName}' needs a storage named '{StorageOf(named)}', "
                + "but the silo has none: add one where the silo is built."));
        return activation => new PersistentState<TState>(named.StateName, activation, storage.Value);
    }
}

using System.Reflection;
using Aedile.Engine.Serialization;
using Orleans;
using Orleans.Concurrency;

namespace Aedile.Engine.Invocation;

/// <summary>
/// What a contract must keep to. Checked when a silo starts: a bad one stops it with a list of reasons.
/// </summary>
internal static class ContractRules
{
    /// <param name="contracts">The contracts of hosted grains, or of an observer.</param>
    /// <param name="converted">Foreign types that cross the wire by a converter.</param>
    /// <exception cref="InvalidOperationException">Lists every fault of every contract.</exception>
    public static void Check(IEnumerable<Type> contracts, IReadOnlySet<Type> converted)
    {
        var types = new ContractTypes(converted);
        var faults = new List<string>();
        var seen = new HashSet<Type>();
        var open = new Queue<Type>(contracts.OrderBy(type => type.FullName, StringComparer.Ordinal));
        while (open.TryDequeue(out var contract))
        {
            if (!seen.Add(contract)) continue;
            faults.AddRange(ContractMethods.Of(contract).SelectMany(method => FaultsOf(method, types)));

            // Who gets a reference to an observer calls it: its contract is one of the fleet's too.
            foreach (var observer in types.TakeObservers()) open.Enqueue(observer);
        }

        Throw(faults);
    }

    /// <summary>Checks the form of the methods only, which a proxy needs.</summary>
    public static void CheckMethods(Type contract)
    {
        if (!contract.IsInterface) throw new InvalidOperationException($"{contract} is no interface.");
        Throw([.. ContractMethods.Of(contract).SelectMany(FaultsOf)]);
    }

    private static IEnumerable<string> FaultsOf(MethodInfo method, ContractTypes types)
    {
        var used = method.GetParameters().Select(parameter => parameter.ParameterType)
            .Where(type => type != typeof(CancellationToken))
            .Concat(ContractMethods.ResultOf(method, out _) is { } result ? [result] : []);
        return FaultsOf(method).Concat(used.SelectMany(types.FaultsOf).Select(fault => $"{Name(method)}: {fault}"));
    }

    private static void Throw(List<string> faults)
    {
        if (faults.Count == 0) return;
        var lines = string.Join(Environment.NewLine, faults.Distinct(StringComparer.Ordinal));
        throw new InvalidOperationException($"Contracts break the rules of calls:{Environment.NewLine}{lines}");
    }

    private static IEnumerable<string> FaultsOf(MethodInfo method)
    {
        var parameters = method.GetParameters();
        ContractMethods.ResultOf(method, out var isSupported);
        if (method.IsSpecialName) yield return $"{Name(method)}: contracts have methods only.";
        if (ContractMethods.IsEnumeration(method) && typeof(IGrainObserver).IsAssignableFrom(method.DeclaringType))
            yield return $"{Name(method)}: only grains can be enumerated.";
        if (method.IsGenericMethod) yield return $"{Name(method)}: it is generic.";
        if (!isSupported)
            yield return $"{Name(method)}: it must return Task, Task<T>, ValueTask, ValueTask<T>, "
                + "IAsyncEnumerable<T> or, one-way, void.";
        if (method.IsDefined(typeof(OneWayAttribute)) && method.ReturnType.IsGenericType)
            yield return $"{Name(method)}: a one-way call has no result.";
        foreach (var parameter in parameters)
        {
            if (parameter.ParameterType.IsByRef) yield return $"{Name(method)}: {parameter.Name} is by reference.";
            if (parameter.ParameterType == typeof(CancellationToken) && parameter.Position != parameters.Length - 1)
                yield return $"{Name(method)}: the cancellation token must be the last parameter.";
        }
    }

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";
}

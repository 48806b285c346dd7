using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;
using Orleans;

namespace Aedile.Engine.Filters;

/// <summary>What runs around the calls of one grain class: the silo's filters, then the grain itself if it is
/// one.</summary>
internal sealed class IncomingFilters
{
    private readonly ImmutableArray<IIncomingGrainCallFilter> _filters;
    private readonly Type _grainClass;
    private readonly ConcurrentDictionary<MethodInfo, MethodInfo> _implementations = [];

    private IncomingFilters(ImmutableArray<IIncomingGrainCallFilter> filters, Type grainClass)
    {
        _filters = filters;
        _grainClass = grainClass;
        Count = filters.Length + (FiltersItself(grainClass) ? 1 : 0);
    }

    public int Count { get; }

    /// <returns>Null when nothing filters: then a call costs nothing more.</returns>
    public static IncomingFilters? Of(ImmutableArray<IIncomingGrainCallFilter> filters, Type grainClass) =>
        filters.IsEmpty && !FiltersItself(grainClass) ? null : new IncomingFilters(filters, grainClass);

    public IIncomingGrainCallFilter At(int number, object grain) =>
        number < _filters.Length ? _filters[number] : (IIncomingGrainCallFilter)grain;

    public MethodInfo ImplementationOf(MethodInfo contract) => _implementations.GetOrAdd(contract, Find);

    /// <summary>Calls the method through the filters, inside of the grain's turn.</summary>
    /// <returns>Null when it has finished with <paramref name="result"/>; else what to wait for.</returns>
    public Task? TryInvoke<TResult>(Call<TResult> call, Activation activation, object grain, out TResult? result)
    {
        var running = new IncomingCall<TResult>(call, activation, grain, this).Run();
        result = running.IsCompletedSuccessfully ? running.Result : default;
        return running.IsCompletedSuccessfully ? null : running;
    }

    private static bool FiltersItself(Type grainClass) => typeof(IIncomingGrainCallFilter).IsAssignableFrom(grainClass);

    private MethodInfo Find(MethodInfo contract)
    {
        var map = _grainClass.GetInterfaceMap(contract.DeclaringType!);
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, contract)];
    }
}

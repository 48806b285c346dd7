using Aedile.Engine.Filters;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Activations;

/// <summary>A grain class as one silo hosts it.</summary>
internal sealed class GrainClass(Type type, GrainType grainType, GrainActivator activator)
{
    public Type Type { get; } = type;

    public GrainType GrainType { get; } = grainType;

    public GrainActivator Activator { get; } = activator;

    public bool IsReentrant { get; init; }

    /// <summary>What runs around its calls; null: nothing.</summary>
    public IncomingFilters? Filters { get; init; }

    /// <summary>In the clock's timestamps; <see cref="long.MaxValue"/>: never collected.</summary>
    public long IdleLimit { get; init; }

    /// <summary>Whether the class does anything in <see cref="IGrainBase.OnActivateAsync"/>.</summary>
    public bool HasOnActivate { get; } = Overrides(type, nameof(IGrainBase.OnActivateAsync));

    public bool HasOnDeactivate { get; } = Overrides(type, nameof(IGrainBase.OnDeactivateAsync));

    private static bool Overrides(Type type, string method)
    {
        if (!typeof(IGrainBase).IsAssignableFrom(type)) return false;
        var map = type.GetInterfaceMap(typeof(IGrainBase));
        var at = Array.FindIndex(map.InterfaceMethods, candidate => candidate.Name == method);
        var target = map.TargetMethods[at];
        return target.DeclaringType != typeof(Grain) && target.DeclaringType != typeof(IGrainBase);
    }
}

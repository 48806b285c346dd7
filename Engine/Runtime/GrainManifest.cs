using System.Reflection;
using Aedile.Engine.Activations;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>The grain classes of a silo, by type name and by contract.</summary>
internal sealed class GrainManifest : IGrainTypes
{
    private static readonly HashSet<Type> Markers =
    [
        typeof(IGrain), typeof(IGrainWithStringKey), typeof(IGrainWithIntegerKey), typeof(IGrainWithGuidKey),
        typeof(IGrainObserver),
    ];

    private readonly Dictionary<GrainType, GrainClass> _byType = [];
    private readonly Dictionary<Type, List<GrainClass>> _byContract = [];

    /// <exception cref="InvalidOperationException">Two classes have the same type name.</exception>
    public GrainManifest(IEnumerable<GrainClass> classes)
    {
        foreach (var grainClass in classes)
        {
            if (!_byType.TryAdd(grainClass.GrainType, grainClass))
            {
                throw new InvalidOperationException(
                    $"{grainClass.Type} and {_byType[grainClass.GrainType].Type} are both grain type "
                    + $"'{grainClass.GrainType}': give one of them a [GrainType].");
            }

            foreach (var contract in ContractsOf(grainClass.Type))
            {
                if (!_byContract.TryGetValue(contract, out var list)) _byContract[contract] = list = [];
                list.Add(grainClass);
            }
        }
    }

    /// <summary>The contracts that some class implements.</summary>
    public IEnumerable<Type> Contracts => _byContract.Keys;

    public IEnumerable<GrainClass> Classes => _byType.Values;

    public int ClassCount => _byType.Count;

    public static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        && typeof(IGrainBase).IsAssignableFrom(type) && ContractsOf(type).Any();

    /// <summary>
    /// Returns the type name of a class: its attribute, or its name in lower case without <c>Grain</c>.
    /// </summary>
    public static GrainType TypeNameOf(Type type)
    {
        if (type.GetCustomAttribute<GrainTypeAttribute>() is { } named) return named.GetGrainType(null!, type);
        var name = type.Name.ToLowerInvariant();
        var hasSuffix = name.EndsWith("grain", StringComparison.Ordinal) && name.Length > "grain".Length;
        return GrainType.Create(hasSuffix ? name[..^"grain".Length] : name);
    }

    public GrainClass? Find(GrainType type) => _byType.GetValueOrDefault(type);

    /// <exception cref="ArgumentException">No class, or more than one, implements the contract.</exception>
    public GrainType TypeFor(Type contract, string? classNamePrefix)
    {
        var classes = _byContract.GetValueOrDefault(contract) ?? [];
        if (classNamePrefix is not null)
        {
            classes = [.. classes.Where(candidate =>
                candidate.Type.FullName!.StartsWith(classNamePrefix, StringComparison.Ordinal))];
        }

        return classes switch
        {
            [var only] => only.GrainType,
            [] => throw new ArgumentException($"No grain class implements {contract}."),
            _ => throw new ArgumentException($"Several grain classes implement {contract}: "
                + $"{string.Join(", ", classes.Select(candidate => candidate.Type))}. Say which by its class name."),
        };
    }

    /// <summary>The contracts that a grain class implements; a grain may be an observer too.</summary>
    public static IEnumerable<Type> ContractsOf(Type type) => type.GetInterfaces()
        .Where(contract => !Markers.Contains(contract))
        .Where(contract =>
            typeof(IGrain).IsAssignableFrom(contract) || typeof(IGrainObserver).IsAssignableFrom(contract));
}

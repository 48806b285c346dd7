using Orleans.Runtime;

namespace Orleans;

/// <summary>Names a grain class in identities, instead of its class name in lower case without <c>Grain</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    private readonly GrainType _grainType = Runtime.GrainType.Create(grainType);

    /// <summary>Returns the name; the parameters play no part.</summary>
    public GrainType GetGrainType(IServiceProvider services, Type type) => _grainType;
}

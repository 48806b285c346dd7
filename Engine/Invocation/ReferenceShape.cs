using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>What all references by one contract share.</summary>
internal sealed class ReferenceShape(Type contract, GrainInterfaceType interfaceType, IGrainFactory factory)
{
    public GrainInterfaceType InterfaceType { get; } = interfaceType;

    public string InterfaceName { get; } = contract.Name;

    public IGrainFactory Factory { get; } = factory;
}

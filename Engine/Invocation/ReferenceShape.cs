using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>What all references by one contract share.</summary>
internal sealed class ReferenceShape(
    GrainInterfaceType interfaceType, string interfaceName, BoundMethod[] methods, IGrainFactory factory)
{
    public GrainInterfaceType InterfaceType { get; } = interfaceType;

    public string InterfaceName { get; } = interfaceName;

    /// <summary>In the order in which the emitted proxy numbers them.</summary>
    public BoundMethod[] Methods { get; } = methods;

    public IGrainFactory Factory { get; } = factory;
}

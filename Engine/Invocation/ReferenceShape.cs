using Aedile.Engine.Runtime;
using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>What all references by one contract share.</summary>
internal sealed class ReferenceShape(
    GrainInterfaceType interfaceType, string interfaceName, BoundMethod[] methods, GrainFactory factory)
{
    public GrainInterfaceType InterfaceType { get; } = interfaceType;

    public string InterfaceName { get; } = interfaceName;

    /// <summary>In the order in which the emitted proxy numbers them.</summary>
    public BoundMethod[] Methods { get; } = methods;

    public GrainFactory Factory { get; } = factory;
}

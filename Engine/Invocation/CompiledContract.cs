using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>A contract with its emitted proxy.</summary>
/// <param name="Methods">In the order in which the proxy numbers them.</param>
/// <param name="Create">Makes a proxy.</param>
internal sealed record CompiledContract(
    IReadOnlyList<GrainMethod> Methods, Func<ReferenceShape, GrainId, GrainReference> Create);

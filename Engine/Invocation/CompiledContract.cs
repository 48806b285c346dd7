using Orleans.Runtime;

namespace Aedile.Engine.Invocation;

/// <summary>A contract with its emitted proxy.</summary>
/// <param name="Contract">The interface.</param>
/// <param name="Methods">In the order in which the proxy numbers them.</param>
/// <param name="Create">Makes a proxy.</param>
internal sealed record CompiledContract(
    Type Contract, IReadOnlyList<GrainMethod> Methods, Func<ReferenceShape, GrainId, GrainReference> Create);

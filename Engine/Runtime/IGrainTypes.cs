using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>Knows which grain type serves a contract.</summary>
internal interface IGrainTypes
{
    /// <exception cref="ArgumentException">No class, or more than one, implements the contract.</exception>
    GrainType TypeFor(Type contract, string? classNamePrefix);
}

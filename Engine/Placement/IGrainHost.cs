using Orleans.Runtime;

namespace Aedile.Engine.Placement;

/// <summary>What placement needs of the part of a silo that holds activations.</summary>
internal interface IGrainHost
{
    /// <summary>
    /// Lets every activation finish its turn and deactivates it, if its grain leaves. An activation that is made
    /// meanwhile looks at its owner after it was added, so none is missed.
    /// </summary>
    /// <param name="leaves">Which grains live elsewhere now.</param>
    /// <param name="hurry">Ends those that still run.</param>
    /// <returns>Completes when none of them is left.</returns>
    Task Release(Func<GrainId, bool> leaves, CancellationToken hurry);
}

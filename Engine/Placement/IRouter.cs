using Orleans.Runtime;

namespace Aedile.Engine.Placement;

/// <summary>Says where grains live under the newest view of the fleet. Thread-safe.</summary>
internal interface IRouter
{
    /// <summary>This silo.</summary>
    SiloAddress Self { get; }

    /// <summary>
    /// The number of the newest view; views are totally ordered. Read after <see cref="OwnerOf"/>, it is never older
    /// than the view that named the owner: whoever serves a request with it knows at least as much as its sender.
    /// </summary>
    long ViewVersion { get; }

    /// <summary>
    /// The silo that hosts a grain now; null while no silo may. Cost: one multiplication for each silo.
    /// </summary>
    SiloAddress? OwnerOf(GrainId grain);

    /// <summary>
    /// Completes when this silo may activate a grain that it owns: earlier owners have handed over. Usually at once.
    /// </summary>
    /// <exception cref="SiloUnavailableException">This silo may host nothing: it lost its lease or is
    /// leaving.</exception>
    ValueTask WhenMayHost(GrainId grain, CancellationToken cancellation);

    /// <summary>Completes when a view newer than <paramref name="version"/> is here.</summary>
    Task WhenNewerThan(long version, CancellationToken cancellation);
}

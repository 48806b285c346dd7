using Aedile.Engine.Placement;
using Orleans.Runtime;

namespace Aedile.Engine.Runtime;

/// <summary>The router of a silo that is to join others: before it has joined, grains live nowhere.</summary>
internal sealed class LateRouter : IRouter
{
    private volatile Router? _router;

    public SiloAddress Self => Joined.Self;

    public long ViewVersion => _router?.ViewVersion ?? -1;

    private Router Joined =>
        _router ?? throw new SiloUnavailableException("The silo has not joined its fleet yet.");

    /// <summary>Knows where grains live from now on.</summary>
    public void Use(Router router) => _router = router;

    public SiloAddress? OwnerOf(GrainId grain) => _router?.OwnerOf(grain);

    public ValueTask WhenMayHost(GrainId grain, CancellationToken cancellation) =>
        Joined.WhenMayHost(grain, cancellation);

    public Task WhenNewerThan(long version, CancellationToken cancellation) =>
        Joined.WhenNewerThan(version, cancellation);
}

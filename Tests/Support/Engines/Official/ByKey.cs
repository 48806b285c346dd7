using System.Globalization;
using Orleans.Runtime.Placement;

namespace Aedile.Tests.Support.Engines;

/// <summary>The number before the colon of a grain's key says on which of two silos it lives.</summary>
internal sealed class ByKey : PlacementStrategy;

/// <summary>Places grains so.</summary>
internal sealed class ByKeyDirector : IPlacementDirector
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public async Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString();
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return context.LocalSilo;

        // The silos learn of each other after they have started.
        while (true)
        {
            var silos = context.GetCompatibleSilos(target);
            if (silos.Length == 2)
            {
                var number = int.Parse(key[..colon], CultureInfo.InvariantCulture);
                return silos.OrderBy(silo => silo.Endpoint.Port).ElementAt(number);
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}

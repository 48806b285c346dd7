using System.Collections.Immutable;
using Aedile.Dashboard.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>The gateways of the other silos, from this silo's view.</summary>
internal sealed class OtherSilos(FleetNodes nodes, SiloIdentity silo) : ISiloList
{
    /// <inheritdoc/>
    public ImmutableArray<Uri> Others => nodes.Gateways.Remove(silo.Address);
}

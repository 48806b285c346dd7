using System.Net;
using Aedile.Engine.Membership;

namespace Aedile.Engine.Client;

/// <summary>The gateways of the silos that are active by the membership table.</summary>
internal sealed class TableGatewayList(IMembershipStore membership) : IGatewayList
{
    public async Task<IReadOnlyList<IPEndPoint>> Gateways(CancellationToken cancellation)
    {
        var view = await membership.Read(cancellation);
        return
        [
            .. view.Active.Where(silo => silo.GatewayPort > 0)
                .Select(silo => new IPEndPoint(silo.Address.Endpoint.Address, silo.GatewayPort)),
        ];
    }
}

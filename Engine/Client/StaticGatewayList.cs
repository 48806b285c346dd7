using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Aedile.Engine.Client;

/// <summary>Gateways that were configured.</summary>
internal sealed class StaticGatewayList(IOptions<StaticGatewayListProviderOptions> options) : IGatewayList
{
    public async Task<IReadOnlyList<IPEndPoint>> Gateways(CancellationToken cancellation)
    {
        var found = new List<IPEndPoint>();
        foreach (var gateway in options.Value.Gateways)
        {
            if (IPAddress.TryParse(gateway.Host, out var address)) found.Add(new IPEndPoint(address, gateway.Port));
            else
            {
                var addresses = await Dns.GetHostAddressesAsync(gateway.Host, cancellation);
                found.AddRange(addresses.Select(resolved => new IPEndPoint(resolved, gateway.Port)));
            }
        }

        return found;
    }
}

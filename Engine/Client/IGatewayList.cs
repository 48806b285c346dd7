using System.Net;

namespace Aedile.Engine.Client;

/// <summary>Knows where a fleet takes clients.</summary>
internal interface IGatewayList
{
    /// <summary>Returns the gateways of the silos that are active now.</summary>
    /// <exception cref="Exception">They can't be read now; the client goes on with those it knows.</exception>
    Task<IReadOnlyList<IPEndPoint>> Gateways(CancellationToken cancellation);
}

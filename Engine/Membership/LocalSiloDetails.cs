using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>Who this silo is, once it knows its generation.</summary>
internal sealed class LocalSiloDetails(SiloIdentity identity, SiloAddress address) : ILocalSiloDetails
{
    public string Name => identity.Name;

    public string ClusterId => identity.Fleet;

    public string DnsHostName => identity.HostName;

    public SiloAddress SiloAddress => address;

    public SiloAddress? GatewayAddress { get; } = identity.GatewayPort == 0
        ? null
        : SiloAddress.New(address.Endpoint.Address, identity.GatewayPort, address.Generation);
}

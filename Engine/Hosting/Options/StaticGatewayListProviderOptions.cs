namespace Orleans.Configuration;

/// <summary>Gateways that a client is told instead of finding them.</summary>
public class StaticGatewayListProviderOptions
{
    /// <summary>As <c>gwy.tcp://address:port</c>; only address and port count. An address may be a name.</summary>
    public List<Uri> Gateways { get; set; } = [];
}

namespace Orleans.Configuration;

/// <summary>Where a silo listens.</summary>
public class EndpointOptions
{
    public const int DEFAULT_SILO_PORT = 11111;
    public const int DEFAULT_GATEWAY_PORT = 30000;

    /// <summary>Port for other silos. Default 11111.</summary>
    public int SiloPort { get; set; } = DEFAULT_SILO_PORT;

    /// <summary>Port for clients; 0: none. Default 30000.</summary>
    public int GatewayPort { get; set; } = DEFAULT_GATEWAY_PORT;
}

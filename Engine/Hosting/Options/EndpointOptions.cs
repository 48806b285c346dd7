using System.Net;

namespace Orleans.Configuration;

/// <summary>Where a silo listens, and where others reach it.</summary>
public class EndpointOptions
{
    public const int DEFAULT_SILO_PORT = 11111;
    public const int DEFAULT_GATEWAY_PORT = 30000;

    /// <summary>The address that other silos and clients connect to. Null: the first of the host's name.</summary>
    public IPAddress? AdvertisedIPAddress { get; set; }

    /// <summary>Port for other silos. Default 11111.</summary>
    public int SiloPort { get; set; } = DEFAULT_SILO_PORT;

    /// <summary>Port for clients; 0: none. Default 30000.</summary>
    public int GatewayPort { get; set; } = DEFAULT_GATEWAY_PORT;

    /// <summary>Where the silo listens for others, if it is not the advertised address.</summary>
    public IPEndPoint? SiloListeningEndpoint { get; set; }

    /// <summary>Where the silo listens for clients, if it is not the advertised address.</summary>
    public IPEndPoint? GatewayListeningEndpoint { get; set; }
}

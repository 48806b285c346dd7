namespace Orleans.Runtime;

/// <summary>Who this silo is.</summary>
public interface ILocalSiloDetails
{
    string Name { get; }

    string ClusterId { get; }

    string DnsHostName { get; }

    /// <summary>This start of the silo.</summary>
    SiloAddress SiloAddress { get; }

    /// <summary>Where clients reach it; null when it takes none.</summary>
    SiloAddress? GatewayAddress { get; }
}

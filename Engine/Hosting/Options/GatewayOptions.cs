namespace Orleans.Configuration;

/// <summary>How a client looks for gateways.</summary>
public class GatewayOptions
{
    /// <summary>
    /// How often the list of gateways is read, beside the times when one fails. Default 1 min: it only finds silos
    /// that are new.
    /// </summary>
    public TimeSpan GatewayListRefreshPeriod { get; set; } = TimeSpan.FromMinutes(1);
}

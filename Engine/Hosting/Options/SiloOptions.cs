namespace Orleans.Configuration;

/// <summary>What a silo is called.</summary>
public class SiloOptions
{
    /// <summary>A name for people, in logs and on dashboards. Default: made of host and port.</summary>
    public string? SiloName { get; set; }
}

namespace Orleans.Configuration;

/// <summary>Which fleet a silo belongs to.</summary>
public class ClusterOptions
{
    public const string DefaultClusterId = "default";
    public const string DefaultServiceId = "default";

    /// <summary>Names the silos that share one membership.</summary>
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>Names the owner of the stored state; it outlives every change of <see cref="ClusterId"/>.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;
}

namespace Orleans.Configuration;

/// <summary>When activations end by themselves, and how long beginning and ending may take.</summary>
public class GrainCollectionOptions
{
    /// <summary>
    /// Idle time after which an activation is collected, unless its class says otherwise. Default 2 h.
    /// </summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How often idle activations are looked for. Default 1 min.</summary>
    public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Collection age by full class name; overrides the class's attribute.</summary>
    public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Limit of reading state and <see cref="Grain.OnActivateAsync"/>. Default 30 s.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Limit of running requests and <see cref="Grain.OnDeactivateAsync"/> at the end. Default 30 s.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

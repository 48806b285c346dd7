namespace Orleans.Runtime;

/// <summary>One activation.</summary>
public sealed class DetailedGrainStatistic
{
    /// <summary>Full name of the class.</summary>
    public string GrainType { get; set; } = "";

    public SiloAddress SiloAddress { get; set; } = null!;

    public GrainId GrainId { get; set; }
}

namespace Orleans.Runtime;

/// <summary>How many activations of a grain class a silo has.</summary>
public sealed class SimpleGrainStatistic
{
    /// <summary>Full name of the class.</summary>
    public string GrainType { get; set; } = "";

    public SiloAddress SiloAddress { get; set; } = null!;

    public int ActivationCount { get; set; }

    public override string ToString() => $"{ActivationCount} of {GrainType} on {SiloAddress}";
}

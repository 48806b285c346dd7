using Orleans.Runtime;

namespace Orleans;

/// <summary>A call where it is made.</summary>
public interface IOutgoingGrainCallContext : IGrainCallContext
{
    /// <summary>The calling activation; null outside of grains.</summary>
    IGrainContext? SourceContext { get; }
}

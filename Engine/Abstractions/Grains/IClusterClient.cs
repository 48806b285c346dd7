namespace Orleans;

/// <summary>Access to grains from outside of grains; inside a silo process it calls without a network.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}

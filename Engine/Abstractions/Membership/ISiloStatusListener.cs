namespace Orleans.Runtime;

/// <summary>Hears when silos change.</summary>
public interface ISiloStatusListener
{
    /// <summary>A silo has another status in the newest view. It must be quick, and not throw.</summary>
    void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status);
}

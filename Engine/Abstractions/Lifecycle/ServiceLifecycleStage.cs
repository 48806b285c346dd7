namespace Orleans;

/// <summary>
/// Order in which the parts of a silo start; they stop the other way round. What is numbered here starts when this
/// engine's silo serves calls already, whatever its number.
/// </summary>
public static class ServiceLifecycleStage
{
    public const int First = int.MinValue;
    public const int RuntimeInitialize = 2000;
    public const int RuntimeServices = 4000;
    public const int RuntimeStorageServices = 6000;

    /// <summary>Reminders start here.</summary>
    public const int RuntimeGrainServices = 8000;
    public const int AfterRuntimeGrainServices = 8100;
    public const int ApplicationServices = 10000;
    public const int ValidateInitialConnectivity = Active - 100;
    public const int BecomeActive = Active - 1;

    /// <summary>Start-up tasks run here, unless they say otherwise.</summary>
    public const int Active = 20000;
    public const int Last = int.MaxValue;
}

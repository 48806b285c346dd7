namespace Orleans;

/// <summary>Why an activation ends.</summary>
public enum DeactivationReasonCode : byte
{
    None = 0,

    /// <summary>The silo stops.</summary>
    ShuttingDown = 1,

    /// <summary>Its constructor, the read of its state or <see cref="Grain.OnActivateAsync"/> failed.</summary>
    ActivationFailed = 2,
    DirectoryFailure = 3,

    /// <summary>Nobody called it for the collection age.</summary>
    ActivationIdle = 4,
    ActivationUnresponsive = 5,
    DuplicateActivation = 6,
    IncompatibleRequest = 7,

    /// <summary>It lost a conditional write, so another activation may own the state.</summary>
    ApplicationError = 8,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested = 9,
    Migrating = 10,
    RuntimeRequested = 11,
    HighMemoryPressure = 12,
}

namespace Aedile.Engine.Runtime;

/// <summary>
/// What a silo runs beside its grains, from when it takes calls until it stops. All parts are made before the silo
/// listens, so that a part's constructor may say what it answers to other silos.
/// </summary>
internal interface ISiloPart
{
    /// <summary>Parts start from the lowest to the highest, and stop the other way round.</summary>
    int Stage { get; }

    /// <summary>Starts it; the silo serves calls already. If it throws, the silo stops.</summary>
    Task Start(CancellationToken cancellationToken);

    /// <summary>Ends it, while the silo still serves calls. Only after a start that didn't throw.</summary>
    Task Stop(CancellationToken cancellationToken);
}

namespace Aedile.Engine.Storage;

/// <summary>Something that a storage needs before the silo takes calls.</summary>
internal interface IStorageSetup
{
    /// <summary>Makes it ready. Idempotent; several silos may do it at once.</summary>
    Task Prepare(CancellationToken cancellationToken);
}

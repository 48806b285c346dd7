using Aedile.Grains.Model;

namespace Aedile.Silo.Storage.Model;

/// <summary>Where a replica begins from.</summary>
/// <exception cref="JournalAwayException">The database can't be used now.</exception>
internal interface IModelSnapshots
{
    /// <summary>Index of the newest snapshot of the present history; 0 when there is none.</summary>
    Task<long> NewestIndex(CancellationToken cancellation);

    /// <summary>The newest state that a snapshot of the present history holds; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The snapshot is damaged.</exception>
    Task<ModelState?> ReadNewest(CancellationToken cancellation);

    /// <summary>Writes a snapshot, unless another silo has, and forgets entries that are kept long enough.</summary>
    /// <param name="state">What it holds.</param>
    /// <param name="kept">How many entries before it stay, for those who watch changes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether this call has written it.</returns>
    Task<bool> Write(ModelState state, long kept, CancellationToken cancellation);
}

using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Grains.Model;

/// <summary>The silo's replica of the model. Thread-safe; reading never waits.</summary>
public interface IModelReplica
{
    /// <summary>The newest state that this silo has.</summary>
    ModelState Current { get; }

    /// <summary>Takes entries that are durable. Those it has are skipped; a gap is filled from the journal.</summary>
    void Offer(ImmutableArray<ModelEntry> entries);

    /// <summary>Brings it up to what the journal holds now, and returns the newest state.</summary>
    /// <exception cref="JournalAwayException">It can't be read now.</exception>
    /// <exception cref="InvalidDataException">The journal holds another history than this silo saw.</exception>
    /// <exception cref="EntriesCompactedException">What is missing is in a snapshot only.</exception>
    Task<ModelState> CatchUp(CancellationToken cancellation);
}

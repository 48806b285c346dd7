using System.Collections.Immutable;

namespace Aedile.Grains.Model;

/// <summary>The silo's replica of the model. Thread-safe; reading never waits.</summary>
public interface IModelReplica
{
    /// <summary>The newest state that this silo has.</summary>
    ModelState Current { get; }

    /// <summary>
    /// Takes the states that entries make, once they are durable. Those it has are skipped; a gap is filled from the
    /// journal. Costs nothing for an entry: it isn't read again.
    /// </summary>
    /// <param name="digest">Of the history before them.</param>
    /// <param name="entries">In order.</param>
    void Adopt(string digest, ImmutableArray<Decision.Append> entries);

    /// <summary>Brings it up to what the journal holds now, and returns the newest state.</summary>
    /// <exception cref="JournalAwayException">It can't be read now.</exception>
    /// <exception cref="InvalidDataException">The journal holds another history than this silo saw.</exception>
    /// <exception cref="EntriesCompactedException">What is missing is in a snapshot only.</exception>
    Task<ModelState> CatchUp(CancellationToken cancellation);
}

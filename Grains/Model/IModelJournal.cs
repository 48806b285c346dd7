using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Grains.Model;

/// <summary>Where the journal ends, and who may write on.</summary>
/// <param name="Timeline">Tells this history from others.</param>
/// <param name="Epoch">Of the sequencer that may append; the higher fences the lower.</param>
/// <param name="Index">Of the last entry; 0 for none.</param>
/// <param name="Digest">Of the last entry.</param>
public sealed record JournalHead(string Timeline, long Epoch, long Index, string Digest);

/// <summary>
/// The system of record of all definitions. Every write is a compare-and-set on the head; every silo may read.
/// </summary>
/// <exception cref="JournalAwayException">The database can't be used now. Of a write, nothing is known.</exception>
public interface IModelJournal
{
    /// <summary>Reads the head.</summary>
    Task<JournalHead> ReadHead(CancellationToken cancellation);

    /// <summary>Takes the next epoch, if the head is still this one.</summary>
    /// <returns>The new head; null when it was another one.</returns>
    Task<JournalHead?> TryClaim(JournalHead head, CancellationToken cancellation);

    /// <summary>Appends entries that follow on the head, all or none, if the head is still this one.</summary>
    /// <returns>False when it was another one: nothing was written.</returns>
    Task<bool> TryAppend(JournalHead head, ImmutableArray<ModelEntry> entries, CancellationToken cancellation);

    /// <summary>Reads entries after an index, in order, without gaps.</summary>
    /// <param name="after">0 for all that are kept.</param>
    /// <param name="limit">At most so many, and no more than some MiB.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EntriesCompactedException">The next one is no longer kept: a snapshot has it.</exception>
    Task<ImmutableArray<ModelEntry>> Read(long after, int limit, CancellationToken cancellation);
}

/// <summary>The journal's database can't be used now.</summary>
public sealed class JournalAwayException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Entries that were asked for are in snapshots only.</summary>
public sealed class EntriesCompactedException(string message) : Exception(message)
{
    /// <summary>Index of the first entry that is kept; null when that is not known.</summary>
    public long? Begins { get; init; }
}

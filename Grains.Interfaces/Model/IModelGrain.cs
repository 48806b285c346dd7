using Orleans.Concurrency;

namespace Aedile.Grains.Interfaces.Model;

/// <summary>
/// The sequencer of all definitions: decides each write on the newest state, and journals it. Key: 0. Reads never come
/// here: each silo has a replica.
/// </summary>
[Alias("model")]
public interface IModelGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Makes all changes of a command, or none. Idempotent: a command that comes again, by its id or its key, has the
    /// answer of the first.
    /// </summary>
    /// <param name="command">At most 1 MiB of bodies.</param>
    /// <param name="cancellation">Stops the wait only: the command may still be written.</param>
    /// <returns>The receipt of a durable write, or why nothing was written.</returns>
    /// <exception cref="TimeoutException">Nothing is known; send the same command again.</exception>
    [Alias("write"), AlwaysInterleave, ResponseTimeout("00:00:15")]
    Task<WriteReply> Write(WriteCommand command, CancellationToken cancellation = default);

    /// <summary>
    /// Sends entries to a replica as they are written, for 15 s from each call on. They may come late, twice, or never:
    /// the journal is the truth.
    /// </summary>
    /// <returns>The newest index.</returns>
    [Alias("follow"), AlwaysInterleave]
    Task<long> Follow(IModelFollower follower, CancellationToken cancellation = default);
}

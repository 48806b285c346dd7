using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Aedile.Client.Model.Copies;

namespace Aedile.Client.Fleet;

/// <summary>
/// What an agent and a silo say over their session: one WebSocket, one JSON text message each, agent first with
/// <see cref="Hello"/>. Three missed beats end it, from either side.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(Welcome), "welcome")]
[JsonDerivedType(typeof(Beat), "beat")]
[JsonDerivedType(typeof(GoAway), "go-away")]
[JsonDerivedType(typeof(CopyWanted), "copy-wanted")]
[JsonDerivedType(typeof(CopyPiece), "copy-piece")]
[JsonDerivedType(typeof(CopyMark), "copy-mark")]
[JsonDerivedType(typeof(StatusEvent), "status-event")]
[JsonDerivedType(typeof(StatusWanted), "status-wanted")]
public abstract record SessionMessage
{
    private SessionMessage() { }

    /// <summary>The agent's first message.</summary>
    /// <param name="Node">Its node's name.</param>
    /// <param name="BootId">Identity of this run of the agent's process.</param>
    /// <param name="Pid">Process id on its machine, for people.</param>
    /// <param name="Endpoint">Base address of the agent's own HTTP endpoint.</param>
    /// <param name="Roles">What it does, as in <c>storage</c>.</param>
    /// <param name="AgentVersion">Version of its program.</param>
    /// <param name="Attempt">
    /// Counts the connections of this run from 1: a claim for an earlier one that comes late is no session any more.
    /// </param>
    /// <param name="HighestEpoch">The highest session epoch that a silo ever gave this node; 0 for none.</param>
    /// <param name="LastEvent">
    /// Sequence of the agent's newest <see cref="StatusEvent"/> in this run; 0 for an agent that sends none.
    /// </param>
    public sealed record Hello(
        NodeName Node, Guid BootId, int Pid, Uri Endpoint, ImmutableArray<string> Roles, string AgentVersion,
        long Attempt, long HighestEpoch, long LastEvent = 0) : SessionMessage;

    /// <summary>
    /// The silo's answer: the session stands. Repeated whenever something in it changes; the newest counts.
    /// </summary>
    /// <param name="BeatIntervalMs">How often both sides beat, in milliseconds.</param>
    /// <param name="SessionEpoch">
    /// The session's epoch; the agent obeys only the highest it has seen. Null while the session is provisional: the
    /// silo can't reach the database. It is read-only then, and gets its epoch by a later welcome.
    /// </param>
    /// <param name="Silos">Base addresses of all silos that live, for when this one doesn't.</param>
    public sealed record Welcome(int BeatIntervalMs, long? SessionEpoch, ImmutableArray<Uri> Silos) : SessionMessage;

    /// <summary>I am here. Sent by both sides at the agreed interval.</summary>
    public sealed record Beat : SessionMessage
    {
        /// <summary>All beats are alike.</summary>
        public static Beat Instance { get; } = new();
    }

    /// <summary>
    /// The session ends on purpose. From a silo: find another one. From an agent that will come back
    /// (<paramref name="Retry"/>): it moves, and its node is not gone.
    /// </summary>
    /// <param name="Reason">For people.</param>
    /// <param name="Retry">Whether connecting again can help; from an agent: whether it will.</param>
    public sealed record GoAway(string Reason, bool Retry) : SessionMessage;

    /// <summary>
    /// From the agent: send what changed in the model since <paramref name="Has"/>, now and from now on. Again at any
    /// time; the newest counts.
    /// </summary>
    /// <param name="Has">Where its copy stands; <see cref="CopyPoint.Nothing"/> asks for everything.</param>
    public sealed record CopyWanted(CopyPoint Has) : SessionMessage;

    /// <summary>
    /// From the silo: a piece of what changed. Pieces up to the one with <paramref name="End"/> are one change, all or
    /// nothing; those of two changes never mix. A piece has about 32 kB, but for an entity that is larger alone.
    /// </summary>
    /// <param name="IsWhole">Whether the pieces together are all there is, not changes of what the agent has.</param>
    /// <param name="Changed">Entities as they are now.</param>
    /// <param name="Removed">Keys (<c>kind/id</c>) of those that are no longer in the copy.</param>
    /// <param name="End">Of the last piece: where the copy stands then; else null.</param>
    public sealed record CopyPiece(
        bool IsWhole, ImmutableArray<CopiedEntity> Changed, ImmutableArray<string> Removed, CopyPoint? End)
        : SessionMessage;

    /// <summary>From the silo, every few beats: you have been sent all up to here.</summary>
    /// <param name="At">Where the copy must stand by now.</param>
    public sealed record CopyMark(CopyPoint At) : SessionMessage;

    /// <summary>From the agent: something about its node is new.</summary>
    /// <param name="Sequence">Counts the events of this run of the agent, from 1, without gaps.</param>
    /// <param name="IsSnapshot">Whether it says all there is, whatever came before.</param>
    /// <param name="Machine">The machine; null when it is as it was.</param>
    /// <param name="Storage">The storage role; null when it is as it was, or there is none.</param>
    public sealed record StatusEvent(
        long Sequence, bool IsSnapshot, MachineStatus? Machine, StorageStatus? Storage) : SessionMessage;

    /// <summary>From the silo: events after this one are missing; send them, or a snapshot.</summary>
    /// <param name="After">Sequence of the newest that the silo has of this run; 0 for none.</param>
    public sealed record StatusWanted(long After) : SessionMessage;
}

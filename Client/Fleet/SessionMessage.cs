using System.Collections.Immutable;
using System.Text.Json.Serialization;

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
    public sealed record Hello(
        NodeName Node, Guid BootId, int Pid, Uri Endpoint, ImmutableArray<string> Roles, string AgentVersion,
        long Attempt, long HighestEpoch) : SessionMessage;

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
    public sealed record Beat : SessionMessage;

    /// <summary>
    /// The session ends on purpose. From a silo: find another one. From an agent that will come back
    /// (<paramref name="Retry"/>): it moves, and its node is not gone.
    /// </summary>
    /// <param name="Reason">For people.</param>
    /// <param name="Retry">Whether connecting again can help; from an agent: whether it will.</param>
    public sealed record GoAway(string Reason, bool Retry) : SessionMessage;
}

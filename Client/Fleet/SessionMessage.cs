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
    public sealed record Hello(
        NodeName Node, Guid BootId, int Pid, Uri Endpoint, ImmutableArray<string> Roles, string AgentVersion)
        : SessionMessage;

    /// <summary>The silo's answer: the session stands.</summary>
    /// <param name="BeatIntervalMs">How often both sides beat, in milliseconds.</param>
    public sealed record Welcome(int BeatIntervalMs) : SessionMessage;

    /// <summary>I am here. Sent by both sides at the agreed interval.</summary>
    public sealed record Beat : SessionMessage;

    /// <summary>The silo ends the session on purpose.</summary>
    /// <param name="Reason">For people.</param>
    /// <param name="Retry">Whether connecting again can help.</param>
    public sealed record GoAway(string Reason, bool Retry) : SessionMessage;
}

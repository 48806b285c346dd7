using Aedile.Client.Fleet;

namespace Aedile.Client.Identity;

/// <summary>What a call needs its caller to be allowed.</summary>
/// <param name="Kind">What it is about, in the plural, as in <c>repositories</c>.</param>
/// <param name="Verb"><c>read</c>, <c>write</c>, or a verb of the kind's own.</param>
/// <param name="Node">The node whose agent alone may make the call; null for calls of people and programs.</param>
public sealed record Need(string Kind, string Verb, NodeName? Node = null)
{
    /// <summary>A call of people and programs that changes nothing.</summary>
    public static Need Read(string kind) => new(kind, "read");

    /// <summary>A call of people and programs that changes something.</summary>
    public static Need Write(string kind) => new(kind, "write");

    /// <summary>A call that only this node's agent makes.</summary>
    public static Need OfAgent(NodeName node) => new("agent-calls", "make", node);

    /// <summary>The permission to look for; default when kind or verb is none, which nothing covers.</summary>
    internal Permission Permission =>
        Kind != Permission.Any && Verb != Permission.Any && Permission.TryParse($"{Kind}:{Verb}", null, out var needed)
            ? needed
            : default;
}
